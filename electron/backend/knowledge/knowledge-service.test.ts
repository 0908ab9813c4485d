import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type OpenedDatabase } from '../database/open-database.js'
import { createLogger } from '../logging/logger.js'
import { KnowledgeService, type Reader } from './knowledge-service.js'
import { summaryColumns } from './summaries/summary-import.js'

const project = join(import.meta.dirname, '../../..')
const lexiconFolder = join(project, 'data/lexicon')
const modelsFolder = join(project, 'resources/models')
const articles = ['malaria', 'snake-bite', 'pregnancy-danger-signs', 'hypertension', 'diarrhoea-and-dehydration']
const patient: Reader = { role: 'patient', userId: '0198c0de-0000-7000-8000-000000000001' }
const nurse: Reader = { role: 'nurse', userId: '0198c0de-0000-7000-8000-000000000002' }
const logger = createLogger('silent')
const relayed = pathToFileURL(join(import.meta.dirname, 'thread', 'relayed-worker.fixture.ts'))

let root: string
let opened: OpenedDatabase
let articlesFolder: string
/** One service for the tests that only read; the others start and close their own. */
let service: KnowledgeService
const services: KnowledgeService[] = []

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'knowledge-service-'))
  articlesFolder = join(root, 'articles')
  for (const name of articles) await cp(join(project, 'data/knowledge', name), join(articlesFolder, name), { recursive: true })
  opened = await openDatabase({ folder: join(root, 'data'), preparedArchive: null, onThreadEnd: () => undefined, logger, now: () => new Date() })
  service = await start()
  services.length = 0
}, 60_000)
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()))
})
afterAll(async () => {
  await service.close()
  await opened.close()
  await rm(root, { recursive: true, force: true })
})

async function start(options: Partial<Parameters<typeof KnowledgeService.start>[0]> = {}): Promise<KnowledgeService> {
  const service = await KnowledgeService.start({ database: opened.database, articlesFolder, lexiconFolder, modelsFolder, indexFolder: join(root, 'index'), logger, workerSource: relayed, ...options })
  services.push(service)
  return service
}
const count = async (table: string): Promise<number> => (await opened.database.query<{ count: number }>(`select count(*)::int as count from ${table}`))[0]?.count ?? 0

describe('KnowledgeService', () => {
  it('answers by keyword while it builds, then builds the whole index, and finds the right article for lay questions in both languages', async () => {
    expect(service.health().status).toBe('building')
    const early = await service.retrieve({ query: 'malaria', reader: patient })
    expect(early.results[0]?.document_id).toBe('malaria')
    await service.ready()
    expect(service.health()).toEqual({ status: 'ready', documents: articles.length, passages: await count('passages'), progress: 1, model: expect.stringContaining('MiniLM') })

    const questions = [
      ["j'ai le corps qui chauffe et je tremble le soir", 'malaria', 'fr'],
      ['my skin is hot and I shiver at night', 'malaria', 'en'],
      ["un serpent m'a mordu au pied", 'snake-bite', 'fr'],
      ['a snake bit my son in the farm', 'snake-bite', 'en'],
      ['je suis enceinte et le sang coule', 'pregnancy-danger-signs', 'fr'],
      ['I am carrying and blood is coming out', 'pregnancy-danger-signs', 'en'],
      ['mon enfant a le ventre qui court', 'diarrhoea-and-dehydration', 'fr'],
      ['my pikin get running stomach', 'diarrhoea-and-dehydration', 'en'],
      ['la tension est trop haute', 'hypertension', 'fr'],
    ] as const
    for (const [query, documentId, lang] of questions) {
      const { results, keywordOnly, strategy } = await service.retrieve({ query, topK: 3, reader: patient })
      expect(results.map((result) => result.document_id), query).toContain(documentId)
      expect(results.every((result) => result.lang === lang), query).toBe(true)
      expect([keywordOnly, strategy]).toEqual([false, 'rrf_fusion'])
    }
  }, 60_000)

  it('cites passages that lie in the document exactly where it says', async () => {
    await service.ready()
    for (const [query, lang] of [['fièvre et frissons', 'fr'], ['fever and chills', 'en']] as const) {
      const { results } = await service.retrieve({ query, topK: 10, reader: patient })
      expect(results.length).toBeGreaterThan(3)
      for (const result of results) {
        const document = await service.open(result.document_id, lang, patient)
        expect(document.text.slice(result.start, result.end)).toBe(result.passage)
        expect(document.languages).toEqual(['en', 'fr'])
      }
      const perDocument = results.map((result) => result.document_id)
      expect(Math.max(...perDocument.map((id) => perDocument.filter((other) => other === id).length))).toBeLessThanOrEqual(2)
      expect(new Set(results.map((result) => result.passage)).size).toBe(results.length)
    }
  }, 30_000)

  it('searches by each strategy, obeys top_k and threshold, and tells hit from miss in the cache', async () => {
    await service.ready()
    for (const strategy of ['vector', 'keyword', 'rrf_fusion'] as const) {
      const first = await service.retrieve({ query: 'Fever in a  child', strategy, topK: 4, reader: patient })
      expect(first).toMatchObject({ strategy, cache: 'miss' })
      expect(first.results.length).toBeGreaterThan(0)
      expect(first.results.length).toBeLessThanOrEqual(4)
      for (const { score } of first.results) expect(score).toBeGreaterThan(0)
      expect(first.results.map(({ score }) => score)).toEqual(first.results.map(({ score }) => score).sort((one, other) => other - one))
      const second = await service.retrieve({ query: 'fever in a child', strategy, topK: 4, reader: patient })
      expect(second.cache).toBe('hit')
      expect(second.results).toEqual(first.results)
      expect((await service.retrieve({ query: 'fever in a child', strategy, topK: 4, threshold: 0.99, reader: patient })).results.length).toBeLessThan(first.results.length)
    }
    expect((await service.retrieve({ query: 'who won the football match', reader: patient })).results).toEqual([])
  }, 30_000)

  it('knows which messages are worth a search', async () => {
    await service.ready()
    for (const [text, language] of [['bonjour', 'fr'], ['thank you', 'en'], ['qui es-tu', 'fr'], ['tell me a joke', 'en'], ['merci docteur', 'fr']] as const) {
      expect(await service.shouldRetrieve(text, language), text).toBe(false)
    }
    for (const [text, language] of [["j'ai mal", 'fr'], ['my stomach', 'en'], ['bonjour, je saigne', 'fr'], ['baby is 3 weeks and does not wake for milk', 'en']] as const) {
      expect(await service.shouldRetrieve(text, language), text).toBe(true)
    }
  }, 30_000)

  it('makes an offline answer in the asker’s language from the passages alone, with the danger signs, quickly', async () => {
    await service.ready()
    const question = "j'ai le corps qui chauffe depuis 3 jours"
    const begun = performance.now()
    const { results } = await service.retrieve({ query: question, topK: 3, reader: patient })
    const answer = await service.answerFromPassages({ question, language: 'fr', results })
    expect(performance.now() - begun).toBeLessThan(1000)
    expect(answer.results.slice(0, results.length)).toEqual(results)
    expect(answer.content).toContain('Signes de danger')
    expect(answer.content).toContain('urgences')
    const texts = await Promise.all(answer.results.map(async (result) => (await service.open(result.document_id, 'fr', patient)).text))
    const cited = [...answer.content.matchAll(/(?:^- |^|\] )([^[\]\n]+?) \[(\d+)\]/gm)]
    expect(cited.length).toBeGreaterThan(5)
    for (const [, sentence = '', number] of cited) expect(texts[Number(number) - 1]).toContain(sentence)
    const nothing = await service.answerFromPassages({ question: 'xyz', language: 'fr', results: [] })
    expect(nothing.content).toContain('Je n’ai rien trouvé')
  }, 30_000)

  it('does no work for what is unchanged, takes in what changed, and removes what is gone', async () => {
    const folder = join(root, 'changing')
    await cp(articlesFolder, folder, { recursive: true })
    const passageIds = async (): Promise<string[]> => (await opened.database.query<{ passage_id: string }>(`select passage_id from passages where document_id = 'malaria' and lang = 'en' order by ordinal`)).map((row) => row.passage_id)
    const first = await start({ articlesFolder: folder })
    await first.ready()
    await first.close()
    const before = await passageIds()
    const indexFolder = join(root, 'index', (await readdir(join(root, 'index')))[0] ?? '', 'segment-0000')
    const sealBefore = await readFile(join(indexFolder, 'seal.json'), 'utf8')
    const rows = await opened.database.query('select document_id, lang, created_at from documents order by document_id, lang')

    const second = await start({ articlesFolder: folder })
    await second.ready()
    await second.close()
    expect(await passageIds()).toEqual(before)
    expect(await opened.database.query('select document_id, lang, created_at from documents order by document_id, lang')).toEqual(rows)
    expect(await readFile(join(indexFolder, 'seal.json'), 'utf8')).toBe(sealBefore)

    const file = join(folder, 'malaria/en.md')
    await writeFile(file, (await readFile(file, 'utf8')).replace('## Prevention\n', '## Prevention\n- Zanzibar purple umbrellas keep every mosquito away from the house.\n'))
    await rm(join(folder, 'diarrhoea-and-dehydration'), { recursive: true })
    await writeFile(join(folder, 'hypertension/article.yaml'), 'id: [')
    const third = await start({ articlesFolder: folder })
    await third.ready()
    const after = await passageIds()
    expect(after.length).toBe(before.length)
    expect(after.filter((id) => !before.includes(id))).toHaveLength(1)
    expect((await third.retrieve({ query: 'purple umbrella', strategy: 'vector', reader: patient })).results[0]?.passage).toContain('Zanzibar purple umbrellas')
    expect((await third.list('fr', patient)).map((document) => document.document_id)).not.toContain('diarrhoea-and-dehydration')
    // A damaged article is not quoted any more, and its passages are gone from the index.
    for (const strategy of ['vector', 'keyword'] as const) {
      const { results } = await third.retrieve({ query: 'diarrhoea loose stools high blood pressure hypertension', strategy, topK: 50, reader: patient })
      expect(results.map((result) => result.document_id)).not.toContain('diarrhoea-and-dehydration')
      expect(results.map((result) => result.document_id)).not.toContain('hypertension')
    }
  }, 60_000)

  it('never gives a patient or guest what is the ward’s, through search, cache, open or list, nor anybody what is another’s own', async () => {
    const path = join(root, 'ward.csv')
    await writeFile(path, [summaryColumns.join(','), 'S1,P1,34,F,Malaria,38.9,118,98,Quixotic marmalade fever with shivering and hot skin for three days.,2025-03-14', 'S2,P2,x,F,Malaria,38.9,118,98,Bad row.,2025-03-14'].join('\n'))
    await opened.database.query(
      `insert into documents (document_id, lang, kind, title, audience, owner_id, content, content_hash, reviewed_by) values ('own', 'en', 'clinical_summary', 'Own', 'owner', $1, 'x', 'x', 'x')`,
      [patient.userId],
    )
    await opened.database.query(
      `insert into passages (passage_id, document_id, lang, ordinal, content, start_offset, end_offset, audience, owner_id, content_hash)
       values ('0198c0de-0000-7000-8000-0000000000aa', 'own', 'en', 0, 'Serendipity lighthouse fever note.', 0, 1, 'owner', $1, 'own-hash')`,
      [patient.userId],
    )
    const service = await start()
    expect(await service.importSummaries(path)).toEqual({ imported: 1, skipped: 1, reasons: { patient_age: 1 } })
    await service.ready()
    const query = 'quixotic marmalade fever with hot skin'
    const guest: Reader = { role: 'guest', userId: null }
    for (const strategy of ['vector', 'keyword', 'rrf_fusion'] as const) {
      // The nurse asks first, so that a shared cache entry would show.
      const found = await service.retrieve({ query, strategy, reader: nurse })
      expect(found.results[0]?.document_id, strategy).toMatch(/^summary-/)
      for (const reader of [patient, guest]) {
        const { results, cache } = await service.retrieve({ query, strategy, topK: 50, reader })
        expect(cache).toBe('miss')
        expect(results.every((result) => !result.document_id.startsWith('summary-') && !result.passage.includes('marmalade'))).toBe(true)
      }
      expect((await service.retrieve({ query, strategy, reader: nurse })).cache).toBe('hit')
    }
    const { results } = await service.retrieve({ query, reader: nurse })
    const documentId = results[0]?.document_id ?? ''
    expect((await service.open(documentId, 'fr', nurse)).kind).toBe('clinical_summary')
    await expect(service.open(documentId, 'en', patient)).rejects.toMatchObject({ code: 'not_found' })
    expect((await service.list('en', guest)).some((document) => document.kind === 'clinical_summary')).toBe(false)
    expect((await service.list('en', nurse)).some((document) => document.kind === 'clinical_summary')).toBe(true)
    expect(await service.shouldRetrieve('quixotic marmalade', 'en')).toBe(false)

    const ownQuery = 'serendipity lighthouse fever'
    expect((await service.retrieve({ query: ownQuery, reader: patient })).results[0]?.document_id).toBe('own')
    for (const reader of [nurse, { role: 'patient', userId: '0198c0de-0000-7000-8000-000000000009' }, { role: 'guest', userId: null }] as const) {
      expect((await service.retrieve({ query: ownQuery, reader })).results.some((result) => result.document_id === 'own')).toBe(false)
      await expect(service.open('own', 'en', reader)).rejects.toMatchObject({ code: 'not_found' })
    }

    for (const [name, text, code] of [['empty.csv', summaryColumns.join(','), 'validation_failed'], ['other.csv', 'a,b\n1,2', 'validation_failed'], ['none.csv', null, 'not_found']] as const) {
      if (text !== null) await writeFile(join(root, name), text)
      await expect(service.importSummaries(join(root, name))).rejects.toMatchObject({ code })
    }
    expect(await count(`documents where audience = 'ward'`)).toBe(1)
    await writeFile(path, [summaryColumns.join(','), 'S3,P3,50,M,Asthma,37,120,90,Another record.,2025-04-01'].join('\n'))
    await service.importSummaries(path)
    await service.ready()
    expect((await service.retrieve({ query, reader: nurse })).results.some((result) => result.passage.includes('marmalade'))).toBe(false)
  }, 60_000)

  it('searches by keyword and says so without a model, and with a damaged one', async () => {
    const none = await start({ modelsFolder: join(root, 'no-models'), indexFolder: join(root, 'no-index') })
    await none.ready()
    expect(none.health()).toMatchObject({ status: 'keyword_only', model: null, progress: 1 })
    const found = await none.retrieve({ query: "un serpent m'a mordu", reader: patient })
    expect(found).toMatchObject({ keywordOnly: true, strategy: 'keyword' })
    expect(found.results[0]?.document_id).toBe('snake-bite')
    await expect(none.embed(['text'])).rejects.toThrow()

    const models = join(root, 'damaged-models')
    const folder = 'onnx-community/all-MiniLM-L6-v2-ONNX'
    await cp(join(modelsFolder, folder), join(models, folder), { recursive: true, filter: (source) => !source.endsWith('.onnx_data') })
    await writeFile(join(models, folder, 'onnx/model_q4.onnx'), 'not a model')
    const damaged = await start({ modelsFolder: models, indexFolder: join(root, 'no-index') })
    await damaged.ready()
    expect(damaged.health().status).toBe('keyword_only')
    expect((await damaged.retrieve({ query: 'snake', strategy: 'vector', reader: patient })).results[0]?.document_id).toBe('snake-bite')
  }, 30_000)

  it('makes a damaged index again from the database, without embedding anything again', async () => {
    const first = await start()
    await first.ready()
    await first.close()
    const folder = join(root, 'index', (await readdir(join(root, 'index')))[0] ?? '', 'segment-0000')
    const whole = await readFile(join(folder, 'index.pb'))
    await writeFile(join(folder, 'index.pb'), whole.subarray(0, whole.length / 2))
    await opened.database.execute(`create table embedding_writes (n int); create function note_embedding() returns trigger language plpgsql as $$ begin insert into embedding_writes values (1); return new; end $$;
      create trigger note_embedding after insert on embeddings for each row execute function note_embedding()`)
    const second = await start()
    await second.ready()
    expect(second.health().status).toBe('ready')
    expect((await second.retrieve({ query: 'snake bite', strategy: 'vector', reader: patient })).results[0]?.document_id).toBe('snake-bite')
    expect(await count('embedding_writes')).toBe(0)
    expect((await readFile(join(folder, 'index.pb'))).length).toBe(whole.length)
    await opened.database.execute('drop trigger note_embedding on embeddings; drop table embedding_writes')
  }, 30_000)

  it('answers many questions at once, and questions during a build, which a close stops', async () => {
    await opened.database.query('delete from embeddings')
    const service = await start({ indexFolder: join(root, 'fresh-index') })
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => service.retrieve({ query: `snake bite number ${at % 10}`, reader: at % 2 ? nurse : patient })))
    expect(answers.every(({ results }) => results[0]?.document_id === 'snake-bite')).toBe(true)
    expect(service.health().status).toBe('building')
    const [vector] = await service.embed(['fever'])
    expect(vector).toHaveLength(384)
    expect(Math.hypot(...(vector ?? []))).toBeCloseTo(1, 4)
    await service.close()
    await expect(service.ready()).rejects.toThrow()
    await expect(service.retrieve({ query: 'after the end', reader: patient })).rejects.toThrow()

    const next = await start({ indexFolder: join(root, 'fresh-index') })
    await next.ready()
    expect(next.health().status).toBe('ready')
  }, 60_000)
})
