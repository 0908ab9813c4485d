import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ChatMessage, SearchResult } from '../../../shared/contract/conversations.js'
import { MessagesStore } from '../conversations/messages-store.js'
import { ConversationsService, undoWindowMs } from '../conversations/conversations-service.js'
import { projectFolder, startTestBackend, type TestBackend } from '../testing/test-backend.js'
import { readMemoryRules } from './facts/rules.js'
import { readInstructions } from './instructions.js'
import { forgetUndoMs, MemoryService, summaryBudget, type Summarise } from './memory-service.js'
import { keptPromptsPerConversation, largestKeptPrompt } from './sent-prompts.js'
import { loadTokenCounter, type TokenCounter } from './token-counter.js'

let backend: TestBackend
let messages: MessagesStore
let memory: MemoryService
let conversations: ConversationsService
let ownerId: string
let conversationId: string
let clock = new Date()
const texts = readInstructions(path.join(projectFolder, 'data', 'instructions', 'assistant.yaml'))
const rules = readMemoryRules(path.join(projectFolder, 'data', 'memory'))
const never = new AbortController().signal
const quarters: TokenCounter = { count: (text) => Math.ceil(text.length / 4) }

beforeAll(async () => {
  backend = await startTestBackend({ model: false })
  messages = new MessagesStore(backend.database)
  memory = new MemoryService({ database: backend.database, messages, texts, rules: () => rules, now: () => clock })
  conversations = new ConversationsService({
    database: backend.database,
    now: () => clock,
    onHistoryChanged: (id, sequence, queries) => memory.historyChanged(id, sequence, queries),
  })
  ownerId = (await backend.patient('+237650001001')).session.user.patient_id
})
afterAll(() => backend.remove())
beforeEach(async () => {
  clock = new Date()
  conversationId = (await conversations.create(ownerId, { conversation_type: 'general', metadata: {} })).conversation_id
})

/** Adds a question and its answer; gives the question. */
async function turn(question: string, answer = 'Thank you for telling me.'): Promise<ChatMessage> {
  const stored = await addQuestion(question)
  const open = await messages.startAnswer(stored)
  await messages.finishAnswer(open.message_id, { content: answer, state: 'complete', modelUsed: null, tokenCount: 5, metadata: {} })
  return stored
}
function addQuestion(content: string): Promise<ChatMessage> {
  return backend.database.transaction((transaction) =>
    messages.addQuestion({ conversationId, parentId: null, content, tokenCount: 5, clientMessageId: null, titleIfNone: content.slice(0, 20), metadata: {} }, transaction),
  )
}
async function answerOf(question: ChatMessage): Promise<string> {
  const answer = await messages.answerTo(question.message_id)
  if (!answer) throw new Error('no answer')
  return answer.message_id
}
const systemOf = (prompt: { role: string; content: string }[]): string => prompt[0]?.content ?? ''
const summaryRow = async () =>
  (await backend.database.query<{ content: string; through_sequence: number; made_by: string }>('select content, through_sequence, made_by from conversation_summaries where conversation_id = $1', [conversationId]))[0]
const recall = (question: string, budget = 300) => memory.recall({ conversationId, question, language: 'en', budget, counter: quarters })
const facts = async (withCorrected = false) => (await memory.remembered(conversationId, { language: 'en', withCorrected })).facts
const factLike = async (words: string) => {
  const found = (await facts()).find((fact) => fact.value.includes(words))
  if (!found) throw new Error(`no fact says ${words}`)
  return found
}
/** Everything that the tables of the memory hold, as one text. */
const rawMemory = async (): Promise<string> =>
  JSON.stringify(await Promise.all(['pinned_facts', 'sent_prompts', 'conversation_summaries'].map((table) => backend.database.query(`select * from ${table}`))))

describe('the prompt', () => {
  it('has full instructions for a short conversation and condensed ones for a long one, in the asked language', async () => {
    const first = await addQuestion('Bonjour')
    expect(systemOf((await memory.buildContext({ question: first, language: 'fr', passages: [] })).prompt)).toContain(texts.full.fr)
    for (let index = 0; index < 4; index++) await turn(`Question ${index}`)
    const late = await addQuestion('And now?')
    expect(systemOf((await memory.buildContext({ question: late, language: 'en', passages: [] })).prompt)).toContain(texts.condensed.en)
  })

  it('keeps an allergy of the second message through sixty, within the budget, with the last five messages verbatim', async () => {
    await turn('Hello, I would like to ask something.')
    await turn('I am allergic to penicillin, it made my face swell.')
    for (let index = 0; index < 28; index++) await turn(`What about the food number ${index} that we talked about?`, `Food ${index} can be eaten in small portions during the day.`)
    const question = await addQuestion('Which medicine can I take for my throat?')
    expect(question.sequence).toBe(61)
    const { prompt, tokens } = await memory.buildContext({ question, language: 'en', passages: [], budget: 1200 })
    expect(systemOf(prompt)).toMatch(/Allergy or to avoid: I am allergic to penicillin/)
    expect(tokens).toBeLessThanOrEqual(1200)
    const counter = await loadTokenCounter()
    expect(prompt.reduce((sum, message) => sum + counter.count(message.content), 0)).toBeLessThanOrEqual(1230)
    expect(prompt.at(-1)).toEqual({ role: 'user', content: question.content })
    expect(prompt.filter((message) => message.role !== 'system')).toHaveLength(5)
    expect((await recall(question.content)).text).toContain('penicillin')
  })

  it('gives way: passages before older messages, the question always whole', async () => {
    await turn('An earlier question', 'word '.repeat(400))
    const question = await addQuestion('Is it malaria?')
    const passage: SearchResult = { document_id: 'malaria', title: 'Malaria', lang: 'en', passage: 'Malaria is found with a blood test.', score: 1, start: 0, end: 10 }
    const full = texts.full.en
    const counter = await loadTokenCounter()
    const { prompt } = await memory.buildContext({ question, language: 'en', passages: [passage], budget: counter.count(full) + 120 })
    expect(systemOf(prompt)).toContain('[1] Malaria')
    expect(prompt.map((message) => message.content)).not.toContainEqual(expect.stringContaining('word word'))
    expect(prompt.at(-1)?.content).toBe('Is it malaria?')
  })

  it('shows a value that the question corrects as corrected', async () => {
    await turn('I take metformin 500 mg.')
    for (let index = 0; index < 4; index++) await turn(`Question ${index}?`)
    const question = await addQuestion('Sorry, metformin is 850 mg. Can I drink coffee?')
    const system = systemOf((await memory.buildContext({ question, language: 'en', passages: [] })).prompt)
    expect(system).toContain('850 mg')
    expect(system).not.toContain('500 mg')
  })
})

describe('recall within a budget', () => {
  it('holds the current value, never the corrected one, in facts and in what assistants said', async () => {
    await turn('I take metformin 850 mg morning and evening.', 'Metformin 850 mg is taken with food.')
    await turn('They changed it, metformin is now 1000 mg twice a day.')
    for (let index = 0; index < 4; index++) await turn(`Is thing ${index} good?`)
    const { text } = await recall('What is the current metformin dose?')
    expect(text).toContain('1000 mg')
    expect(text).not.toContain('850 mg')
  })

  it('gives room to what the question asks for', async () => {
    for (let index = 0; index < 40; index++) await turn(`I visited my cousin number ${index} in the village of Nkol${index} last week.`)
    await turn('I live in Bonabéri behind the church.')
    for (let index = 40; index < 80; index++) await turn(`I visited my cousin number ${index} in the village of Nkol${index} last week.`)
    expect((await recall('Where does the person live?', 120)).text).toContain('Bonabéri')
    expect((await recall('What about Nkol17?', 120)).text).toContain('Nkol17')
  })

  it('says whose a fact is when it is not the patient’s', async () => {
    await turn('My husband has tuberculosis.')
    await turn('He takes rifampicin.')
    await turn('I have a cough.')
    expect((await recall('Should I be tested?')).text).toContain('(husband) He takes rifampicin')
    expect((await memory.pinned(conversationId)).medicines).toEqual([])
    const french = await memory.recall({ conversationId, question: 'Et moi ?', language: 'fr', budget: 300, counter: quarters })
    expect(french.text).toContain('(mari)')
  })

  it('never exceeds any budget, with any tokenizer', async () => {
    const counter = await loadTokenCounter()
    for (let index = 0; index < 12; index++) {
      await turn(`I am allergic to medicine${index}, my number ${index} child weighs ${10 + index} kg, and I live in quarter ${index}. 🤒 œdème?`, 'An answer of some words. '.repeat(index))
    }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 900 }), fc.string({ maxLength: 80 }), fc.boolean(), async (budget, question, real) => {
        const used = real ? counter : quarters
        const { text, tokens } = await memory.recall({ conversationId, question, language: 'fr', budget, counter: used })
        expect(used.count(text)).toBeLessThanOrEqual(budget)
        expect(tokens).toBe(used.count(text))
      }),
      { numRuns: 40 },
    )
  })
})

describe('what must not be contradicted', () => {
  it('is read from the whole conversation, the newest message included', async () => {
    await turn('Je suis enceinte de 5 mois et je suis allergique à la pénicilline.')
    await turn('Je prends du fer et ma mère est diabétique.')
    await addQuestion('J’allaite encore mon premier. Quel médicament pour la toux ?')
    const pinned = await memory.pinned(conversationId)
    expect(pinned).toMatchObject({ pregnant: true, breastfeeding: true, conditions: [] })
    expect(pinned.allergies).toEqual([{ substance: 'penicilline', words: expect.stringContaining('pénicilline') }])
  })

  it('is empty for a person who said nothing, and false for one who denied it', async () => {
    expect(await memory.pinned(conversationId)).toEqual({ allergies: [], pregnant: null, breastfeeding: null, medicines: [], conditions: [] })
    await turn('I am not pregnant and I have no allergies.')
    expect(await memory.pinned(conversationId)).toMatchObject({ pregnant: false, allergies: [] })
  })

  it('is the child’s when the writer speaks for a child', async () => {
    await turn('I come for my daughter, she is 3.')
    await turn('I am allergic to aspirin myself. She is allergic to eggs.')
    expect((await memory.pinned(conversationId)).allergies.map(({ substance }) => substance)).toEqual([expect.stringMatching(/^egg/)])
  })
})

describe('what is remembered', () => {
  it('is listed by kind with its message, without questions; corrected ones for staff alone', async () => {
    const first = await turn('I take metformin 850 mg. Can I eat mango?')
    await turn('Metformin is 1000 mg now.')
    const current = await facts()
    expect(current.map(({ kind, value }) => [kind, value])).toEqual([['medicine', 'I take metformin 1000 mg']])
    const all = await facts(true)
    expect(all.find((fact) => fact.superseded_by !== null)).toMatchObject({ value: 'I take metformin 850 mg', message_id: first.message_id, sequence: 1, superseded_by: current[0]?.fact_id })
  })

  it('keeps the ids of facts from one look to the next, and two looks at once make no fact twice', async () => {
    await turn('I have asthma.')
    const [one, two] = await Promise.all([facts(), facts()])
    expect(one).toEqual(two)
    await turn('I weigh 70 kg.')
    expect((await facts()).map(({ fact_id }) => fact_id)).toContain(one[0]?.fact_id)
    expect(await facts()).toHaveLength(2)
  })

  it('goes with a deleted message and comes back with it, a correction included', async () => {
    await turn('I take metformin 500 mg.')
    const correction = await turn('Sorry, metformin is 850 mg.')
    expect((await facts()).map(({ value }) => value).join()).not.toContain('500')
    await conversations.deleteMessage(ownerId, correction.message_id)
    expect((await facts()).map(({ value }) => value)).toEqual(['I take metformin 500 mg'])
    await conversations.restoreMessage(ownerId, correction.message_id)
    expect((await facts()).map(({ value }) => value).join()).toContain('850')
    expect((await facts()).map(({ value }) => value).join()).not.toContain('500')
  })

  it('is erased with the message, the conversation and the person', async () => {
    const secret = await turn('I am allergic to quetiapinecanary.')
    await facts()
    await conversations.deleteMessage(ownerId, secret.message_id)
    clock = new Date(clock.getTime() + undoWindowMs + 1)
    await conversations.eraseDeleted()
    expect(await rawMemory()).not.toContain('quetiapinecanary')

    await turn('I take warfarincanary 3 mg.')
    await facts()
    await conversations.delete(ownerId, conversationId)
    clock = new Date(clock.getTime() + undoWindowMs + 1)
    await conversations.eraseDeleted()
    expect(await rawMemory()).not.toContain('warfarincanary')
  })
})

describe('forgetting', () => {
  it('takes a fact out of every prompt, also after the conversation went on and was read again', async () => {
    await turn('I have hepatitis B. I weigh 70 kg.')
    await memory.forget((await factLike('hepatitis')).fact_id)
    expect((await facts()).map(({ value }) => value)).toEqual(['I weigh 70 kg'])
    const deleted = await turn('I also have gout.')
    await conversations.deleteMessage(ownerId, deleted.message_id)
    expect((await recall('Which disease?')).text).not.toContain('hepatitis')
    const question = await addQuestion('And now?')
    expect(JSON.stringify((await memory.buildContext({ question, language: 'en', passages: [] })).prompt)).not.toContain('hepatitis')
  })

  it('does not bring back what the forgotten fact had replaced', async () => {
    await turn('I take prednisolone 40 mg each morning.')
    await turn('They reduced it to 20 mg because of the sleep.')
    await memory.forget((await factLike('prednisolone 20 mg')).fact_id)
    const deleted = await turn('I have a cough.')
    await conversations.deleteMessage(ownerId, deleted.message_id)
    expect((await recall('Which dose?')).text).not.toMatch(/40 mg|20 mg|prednisolone/)
  })

  it('can be undone within the window, and its words are erased after it', async () => {
    await turn('I have hepatitis B.')
    const { fact_id } = await factLike('hepatitis')
    await memory.forget(fact_id)
    await expect(memory.forget(fact_id)).rejects.toMatchObject({ code: 'not_found' })
    await memory.restore(fact_id)
    const again = await factLike('hepatitis')
    await expect(memory.restore(again.fact_id)).rejects.toMatchObject({ code: 'undo_expired' })
    await memory.forget(again.fact_id)
    clock = new Date(clock.getTime() + forgetUndoMs + 1)
    await expect(memory.restore(again.fact_id)).rejects.toMatchObject({ code: 'undo_expired' })
    expect(await memory.eraseForgotten()).toBeGreaterThan(0)
    expect(await rawMemory()).not.toContain('hepatitis')
    expect(await facts()).toEqual([])
    expect(await memory.eraseForgotten()).toBe(0)
  })

  it('of an unknown fact is refused', async () => {
    const nobody = '01890a5d-ac96-774b-bcce-b302099a8057'
    await expect(memory.forget(nobody)).rejects.toMatchObject({ code: 'not_found' })
    await expect(memory.restore(nobody)).rejects.toMatchObject({ code: 'undo_expired' })
  })
})

describe('the summary', () => {
  it('is kept and extended by what left the last five, not recomputed', async () => {
    const calls: { previous: string; messages: string[] }[] = []
    const summarise: Summarise = async ({ previous, messages: aged }) => {
      calls.push({ previous, messages: aged.map((message) => message.content) })
      return `summary ${calls.length}`
    }
    for (let index = 0; index < 6; index++) await turn(`Question ${index}`)
    await memory.extendSummary(conversationId, 'en', summarise, never)
    for (let index = 6; index < 10; index++) await turn(`Question ${index}`)
    await memory.extendSummary(conversationId, 'en', summarise, never)
    expect(calls).toHaveLength(2)
    expect(calls[0]?.previous).toBe('')
    expect(calls[1]?.previous).toBe('summary 1')
    expect(calls[1]?.messages.some((content) => calls[0]?.messages.includes(content) && content.startsWith('Question'))).toBe(false)
    expect(await summaryRow()).toMatchObject({ content: 'summary 2', made_by: 'provider', through_sequence: 15 })
    const question = await addQuestion('What now?')
    expect(systemOf((await memory.buildContext({ question, language: 'en', passages: [] })).prompt)).toContain('summary 2')
    expect((await memory.remembered(conversationId, { language: 'en', withCorrected: false })).summary).toBe('summary 2')
  })

  it('is told neither what was corrected nor what was forgotten, and loses sentences with a value corrected later', async () => {
    const told: string[] = []
    await turn('I take metformin 500 mg. I have hepatitis B.')
    await turn('Metformin is 850 mg now.')
    for (let index = 0; index < 5; index++) await turn(`Question ${index}`)
    await memory.forget((await factLike('hepatitis')).fact_id)
    const summarise: Summarise = async ({ messages: aged }) => {
      told.push(...aged.map((message) => message.content))
      return 'Takes metformin 850 mg. Asked several questions.'
    }
    await memory.extendSummary(conversationId, 'en', summarise, never)
    expect(told.join('\n')).toContain('850 mg')
    expect(told.join('\n')).not.toMatch(/500 mg|hepatitis/)
    await turn('Sorry, metformin is 1000 mg.')
    const { text } = await recall('Which dose?')
    expect(text).toContain('1000 mg')
    expect(text).not.toContain('850 mg')
    expect(text).toContain('Asked several questions')
  })

  it('is not kept when no provider answers, or when it is empty or far too long: the statements serve', async () => {
    for (let index = 0; index < 6; index++) await turn(`I have lived ${30 + index} years with the pain in my left foot.`)
    for (const answer of [null, '', '   ', 'word '.repeat(2000)]) await memory.extendSummary(conversationId, 'en', async () => answer, never)
    expect(await summaryRow()).toBeUndefined()
    expect((await recall('Where is the pain?')).text).toContain('left foot')
    expect(summaryBudget).toBe(300)
  })

  it('forgets a message that is deleted from what it summarises', async () => {
    const secret = await turn('My secret number is 12345 mg.')
    for (let index = 0; index < 6; index++) await turn(`Question ${index}`)
    await memory.extendSummary(conversationId, 'en', async () => 'A secret number.', never)
    expect((await summaryRow())?.content).toContain('secret')
    await conversations.deleteMessage(ownerId, secret.message_id)
    expect((await summaryRow())?.content).toBe('')
    const { prompt } = await memory.buildContext({ question: await addQuestion('What now?'), language: 'en', passages: [] })
    expect(JSON.stringify(prompt)).not.toContain('secret')
  })
})

describe('the prompt as sent', () => {
  const prompt = [{ role: 'system' as const, content: 'Instructions about [person 1]' }, { role: 'user' as const, content: 'Question' }]

  it('is given back word for word, the last one of an answer', async () => {
    const answer = await answerOf(await turn('Question'))
    expect(await memory.keepPrompt(answer, [{ role: 'user', content: 'first attempt' }])).toBe(true)
    expect(await memory.keepPrompt(answer, prompt)).toBe(true)
    expect(await memory.promptOf(answer)).toMatchObject({ message_id: answer, messages: prompt })
  })

  it('is not kept when it is too large, and there are no more than some a conversation', async () => {
    const answer = await answerOf(await turn('Question'))
    expect(await memory.keepPrompt(answer, [{ role: 'user', content: 'x'.repeat(largestKeptPrompt + 1) }])).toBe(false)
    await expect(memory.promptOf(answer)).rejects.toMatchObject({ code: 'not_found' })
    const answers: string[] = []
    for (let index = 0; index <= keptPromptsPerConversation; index++) {
      answers.push(await answerOf(await turn(`Question ${index}`)))
      await memory.keepPrompt(answers.at(-1) ?? '', prompt)
    }
    await expect(memory.promptOf(answers[0] ?? '')).rejects.toMatchObject({ code: 'not_found' })
    expect(await memory.promptOf(answers[1] ?? '')).toBeDefined()
  })

  it('goes when a message that it may hold is deleted', async () => {
    const first = await turn('I have a secretdisease.')
    const earlier = await answerOf(first)
    await memory.keepPrompt(earlier, prompt)
    const later = await answerOf(await turn('Question'))
    await memory.keepPrompt(later, [{ role: 'system', content: 'The person has a secretdisease.' }])
    await conversations.deleteMessage(ownerId, first.message_id)
    await expect(memory.promptOf(later)).rejects.toMatchObject({ code: 'not_found' })
    expect(await rawMemory()).not.toContain('secretdisease')
  })
})
