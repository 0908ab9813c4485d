/** An answer without a provider, from the question to the stored answer. */
import { startTestBackend } from '../../backend/testing/test-backend.js'
import { time, type BenchResult } from './measure.js'

const questions = [
  'How can I protect my family from malaria?',
  'Un serpent m’a mordu au champ, que faire ?',
  'What are the signs of a stroke?',
  'Mon enfant a la diarrhée depuis hier',
  'Which vaccines does a baby need?',
]

/** Measures offline answers; every question is new to the caches. */
export async function benchOffline(): Promise<BenchResult[]> {
  const backend = await startTestBackend({ environment: { RATE_LIMIT_PER_MINUTE: '10000000' } })
  await backend.knowledge.ready()
  const { client } = await backend.patient('+237650009998')
  const stored = await time(100, () => client.conversations.create({}))
  const answers = await time(60, (index) => client.chat.send({ message: `${questions[Math.abs(index) % questions.length] ?? ''} (${index})` }))
  await backend.remove()
  return [{ name: 'offline answer, question to stored answer', value: answers, unit: 'ms', reference: { name: 'creating a conversation', value: stored } }]
}
