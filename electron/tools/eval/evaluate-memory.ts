/** The memory over dialogues with questions: is what was said in the context that the model would get within 300 tokens, and nothing that was corrected? */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import { ConversationsService } from '../../backend/conversations/conversations-service.js'
import { MessagesStore } from '../../backend/conversations/messages-store.js'
import { openDatabase } from '../../backend/database/open-database.js'
import { foldText } from '../../backend/knowledge/language/fold-text.js'
import { createLogger } from '../../backend/logging/logger.js'
import { readMemoryRules } from '../../backend/memory/facts/rules.js'
import { readInstructions } from '../../backend/memory/instructions.js'
import { MemoryService } from '../../backend/memory/memory-service.js'
import type { TokenCounter } from '../../backend/memory/token-counter.js'
import { projectFolder } from './project-folder.js'

export interface MemoryFigures {
  set: 'memory'
  lang: 'en' | 'fr'
  /** Share of the probes whose fact is in the context. */
  recall: number
  /** Share of the probes with a corrected fact whose context holds the old value and not the new one. */
  stale: number
  /** Share of them whose context holds the old value at all. */
  old_value_present: number
  mean_tokens: number
  probes: number
  staleProbes: number
}

export interface ProbeResult {
  dialogue: string
  lang: 'en' | 'fr'
  question: string
  isRecalled: boolean
  hasSuperseded: boolean
  isStale: boolean
  showsOld: boolean
  tokens: number
  context: string
}

const dialogue = z.object({
  id: z.string(),
  lang: z.enum(['en', 'fr']),
  turns: z.array(z.object({ role: z.enum(['user', 'assistant']), content: z.string() })),
  probes: z.array(z.object({ question: z.string(), must_contain: z.array(z.string()).min(1), superseded: z.array(z.string()).default([]) })),
})

export const evaluationBudget = 300
/** The sets' measure: characters / 4, rounded up. */
const quarterCharacters: TokenCounter = { count: (text) => Math.ceil(text.length / 4) }

/** Whether a text holds a string, without case and accents, at word boundaries. */
export function holds(text: string, wanted: string): boolean {
  const escaped = foldText(wanted).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'u').test(foldText(text))
}

/** Every probe of a file, replayed into real conversations. */
export async function probeMemory(file: string): Promise<ProbeResult[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'carechat-eval-memory-'))
  const preparedArchive = path.join(projectFolder, 'dist', 'prepared-database.tar')
  const opened = await openDatabase({
    folder,
    preparedArchive,
    onThreadEnd: (exitCode) => {
      throw new Error(`the database thread ended with ${exitCode}`)
    },
    logger: createLogger(),
    now: () => new Date(),
  })
  try {
    const { database } = opened
    const messages = new MessagesStore(database)
    const memory = new MemoryService({
      database,
      messages,
      texts: readInstructions(path.join(projectFolder, 'data', 'instructions', 'assistant.yaml')),
      rules: () => readMemoryRules(path.join(projectFolder, 'data', 'memory')),
    })
    const conversations = new ConversationsService({ database, now: () => new Date(), onHistoryChanged: (id, sequence, queries) => memory.historyChanged(id, sequence, queries) })
    const ownerId = uuidv7()
    await database.query('insert into users (patient_id, full_name, role) values ($1, $2, $3)', [ownerId, '', 'guest'])

    const results: ProbeResult[] = []
    for (const line of fs.readFileSync(file, 'utf8').split('\n').filter((text) => text.trim() !== '')) {
      const { id, lang, turns, probes } = dialogue.parse(JSON.parse(line))
      const { conversation_id: conversationId } = await conversations.create(ownerId, { conversation_type: 'general', metadata: {} })
      let parentId: string | null = null
      let question: ChatMessage | null = null
      for (const turn of turns) {
        const tokenCount = quarterCharacters.count(turn.content)
        if (turn.role === 'user') {
          const asked: Parameters<MessagesStore['addQuestion']>[0] = { conversationId, parentId, content: turn.content, tokenCount, clientMessageId: null, titleIfNone: id, metadata: {} }
          question = await database.transaction((transaction) => messages.addQuestion(asked, transaction))
          parentId = question.message_id
        } else {
          if (!question) throw new Error(`${id}: an answer before any question`)
          const open = await messages.startAnswer(question)
          await messages.finishAnswer(open.message_id, { content: turn.content, state: 'complete', modelUsed: null, tokenCount, metadata: {} })
          // As in the product: the memory is brought up to date after each answer.
          await memory.extendSummary(conversationId, lang, null, new AbortController().signal)
        }
      }
      for (const probe of probes) {
        const { text, tokens } = await memory.recall({ conversationId, question: probe.question, language: lang, budget: evaluationBudget, counter: quarterCharacters })
        if (tokens > evaluationBudget) throw new Error(`${id}: ${tokens} tokens are more than the budget`)
        const isRecalled = probe.must_contain.some((wanted) => holds(text, wanted))
        const showsOld = probe.superseded.some((old) => holds(text, old))
        results.push({ dialogue: id, lang, question: probe.question, isRecalled, hasSuperseded: probe.superseded.length > 0, isStale: showsOld && !isRecalled, showsOld, tokens, context: text })
      }
    }
    return results
  } finally {
    await opened.close()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Figures by language of one file. */
export async function evaluateMemory(file: string): Promise<MemoryFigures[]> {
  const results = await probeMemory(file)
  return (['en', 'fr'] as const).flatMap((lang) => {
    const own = results.filter((result) => result.lang === lang)
    if (own.length === 0) return []
    const corrected = own.filter((result) => result.hasSuperseded)
    const share = (part: number, of: number): number => part / Math.max(1, of)
    return [
      {
        set: 'memory' as const,
        lang,
        recall: share(own.filter((result) => result.isRecalled).length, own.length),
        stale: share(corrected.filter((result) => result.isStale).length, corrected.length),
        old_value_present: share(corrected.filter((result) => result.showsOld).length, corrected.length),
        mean_tokens: own.reduce((sum, result) => sum + result.tokens, 0) / own.length,
        probes: own.length,
        staleProbes: corrected.length,
      },
    ]
  })
}
