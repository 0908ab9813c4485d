import { describe, expect, it } from 'vitest'
import type { Language } from '../../../../shared/contract/common.js'
import type { SearchResult } from '../../../../shared/contract/conversations.js'
import { answerOffline } from './offline-answer.js'

const result = (documentId: string, heading: string, passage: string, options: Partial<SearchResult> = {}): SearchResult => ({
  document_id: documentId,
  title: documentId,
  lang: 'en',
  passage,
  score: 1,
  start: 0,
  end: passage.length,
  passage_id: `${documentId}/${heading}`,
  heading,
  reviewed: true,
  ...options,
})
const signs = result('snake-bite', 'Signs', 'A snake bite can cause swelling and pain of the bitten limb. Some bites give drooping eyelids.')
const care = result('snake-bite', 'What you can do', '- Keep the bitten limb still, as for a broken bone.\n- Take off rings before the swelling starts.', { score: 0.9 })
const danger = result('snake-bite', 'Danger signs: come now', 'Every snake bite needs emergency care.\n- Bleeding from the gums is an emergency.\n- Difficult breathing is an emergency.', { score: 0 })
const other = result('rabies', 'Danger signs: come now', 'Wash a dog bite for fifteen minutes with soap.', { score: 0.3 })

/** The sentences of an answer that carry a citation, each with the text that it cites. */
function citations(content: string, results: readonly SearchResult[]): { sentence: string; source: string }[] {
  return [...content.matchAll(/(?:^- |^|\] )([^[\]\n]+?) \[(\d+)\]/gm)].map(([, sentence = '', number]) => ({ sentence, source: results[Number(number) - 1]?.passage ?? '' }))
}

describe('answerOffline', () => {
  it('is made of the passages’ own sentences, each cited under its number, between the fixed lines', async () => {
    const { content, results } = await answerOffline({ question: 'what can I do for a snake bite with swelling', language: 'en', results: [signs, care, other], companions: [danger] })
    expect(results).toEqual([signs, care, other, danger])
    const cited = citations(content, results)
    expect(cited.length).toBeGreaterThan(4)
    for (const { sentence, source } of cited) expect(source).toContain(sentence)
    // Without the cited sentences only the fixed lines are left.
    expect(content.replace(/^(?:- )?[^*\n]*\[\d+\]$/gm, '').split(/\n+/).filter((line) => line !== '')).toEqual([
      '*Taken from the hospital’s documents without the assistant’s model; this is not a diagnosis.*',
      '**Danger signs: come now**',
      '**What to do next**',
      'Talk to a nurse, a doctor or a pharmacist about your situation. With a danger sign, or if you feel worse, go to the emergency department now.',
    ])
  })

  it('keeps every danger sign of the best document and none of another', async () => {
    const { content } = await answerOffline({ question: 'snake', language: 'en', results: [signs, other], companions: [danger] })
    for (const line of danger.passage.split('\n')) expect(content).toContain(line.replace('- ', ''))
    expect(content).not.toContain('Wash a dog bite')
  })

  it('does not list a companion that it does not cite', async () => {
    const unrelated = result('snake-bite', 'When to come to the hospital', 'Short one.', { score: 0 })
    expect((await answerOffline({ question: 'snake', language: 'en', results: [signs], companions: [unrelated] })).results).toEqual([signs])
  })

  it('says that documents were not reviewed, when that is so', async () => {
    const { content } = await answerOffline({ question: 'snake', language: 'en', results: [{ ...signs, reviewed: false }], companions: [] })
    expect(content.split('\n')[0]).toContain('has not yet reviewed')
  })

  it.each([
    ['en', 'I found nothing', 'not a diagnosis', 'emergency department'],
    ['fr', 'Je n’ai rien trouvé', 'pas un diagnostic', 'urgences'],
  ] as const)('says plainly in %s that nothing was found, without a fact', async (language: Language, nothing, label, next) => {
    const { content, results } = await answerOffline({ question: 'xyz', language, results: [], companions: [] })
    expect(results).toEqual([])
    expect(content).toContain(nothing)
    expect(content).toContain(label)
    expect(content).toContain(next)
    expect(content).not.toMatch(/\[\d/)
  })

  it('tells what a question means in other words, and what the model finds near, before what only shares the document', async () => {
    const head = result('headache', 'What you can do', '- Rest in a quiet and dark room.\n- Drink water through the day.\n- A cephalalgia often goes away with rest.\n- Sleep at regular hours every night.\n- Eat at regular hours every day.\n- Walk outside every day.\n- Keep a list of your pains.\n- Avoid loud places for now.')
    const asked = { question: 'my head hurts', language: 'en' as const, results: [head], companions: [] }
    const meaning = (text: string): string => text.replace(/cephalalgia|head hurts/, 'headache')
    expect((await answerOffline({ ...asked, meaning })).content).toContain('cephalalgia')
    const nearness = async (): Promise<Map<string, number>> => new Map([['Avoid loud places for now.', 0.9]])
    expect((await answerOffline({ ...asked, nearness })).content).toContain('Avoid loud places')
  })

  it('puts the danger signs first when the question tells of one', async () => {
    const first = await answerOffline({ question: 'difficult breathing', language: 'en', results: [signs, care], companions: [danger] })
    expect(first.content.indexOf('Danger signs')).toBeLessThan(first.content.indexOf('swelling'))
    const later = await answerOffline({ question: 'swelling of a limb', language: 'en', results: [signs, care], companions: [danger] })
    expect(later.content.indexOf('Danger signs')).toBeGreaterThan(later.content.indexOf('swelling'))
  })

  it.each([['en', 'a clinician has reviewed'], ['fr', 'un clinicien ait relu']] as const)('says in %s when nothing that was reviewed is there', async (language, text) => {
    expect((await answerOffline({ question: 'xyz', language, results: [], companions: [], reviewedOnly: true })).content).toContain(text)
  })
})
