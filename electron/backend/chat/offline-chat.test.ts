/** In a file of its own, and so a process of its own: the embedding runtime bears one thread a process, and so one backend with a model. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../shared/contract/client.js'
import { startTestBackend, type TestBackend } from '../testing/test-backend.js'

let backend: TestBackend
let client: Client

beforeAll(async () => {
  backend = await startTestBackend()
  await backend.knowledge.ready()
  client = (await backend.patient('+237650000004')).client
})
afterAll(() => backend.remove())

describe('without any provider', () => {
  it.each([
    ['fr', 'Que ne faut-il pas faire en cas de morsure de serpent ?', 'snake-bite', /garrot|sucer|aspir|coupez|inciser/i],
    ['fr', 'Comment protéger ma famille du palu ?', 'malaria', /moustiquaire/i],
    ['en', 'How can I protect my family from malaria?', 'malaria', /mosquito net/i],
    ['en', 'How do I prepare the drink for a child with diarrhoea?', 'diarrhoea-and-dehydration', /ORS sachet|sugar[\s\S]*salt|salt[\s\S]*sugar/i],
  ] as const)('answers in the asker’s language from passages that hold the answer (%s: %s)', async (language, message, documentId, fact) => {
    const { assistant_message: answer } = await client.chat.send({ message, language })
    expect(answer.message_metadata).toMatchObject({ answered_by: 'passages', language })
    const sources = answer.message_metadata.search_results ?? []
    expect(sources.map((source) => source.document_id)).toContain(documentId)
    for (const source of sources) {
      expect(source.lang).toBe(language)
      const document = await client.knowledge.open({ document_id: source.document_id, lang: source.lang })
      expect(document.text.slice(source.start, source.end)).toBe(source.passage)
    }
    expect(answer.content).toMatch(fact)
    expect(answer.content).toMatch(/\[\d\]/)
    expect(answer.content).toMatch(language === 'fr' ? /sans le modèle de l’assistant/ : /without the assistant’s model/)
  })

  it('greets without searching', async () => {
    const { assistant_message: answer } = await client.chat.send({ message: 'Bonjour', language: 'fr' })
    expect(answer.content).toMatch(/^Bonjour/)
    expect(answer.message_metadata.search_results).toBeUndefined()
  })
})
