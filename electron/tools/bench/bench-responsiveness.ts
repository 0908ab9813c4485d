/** Whether a trivial call and Stop stay quick while the database runs a long query and the model embeds passages. */
import { FakeProviderServer } from '../../backend/providers/fake/fake-provider-server.js'
import { startTestBackend } from '../../backend/testing/test-backend.js'
import { distribution, time, type BenchResult } from './measure.js'

/** About 300 ms on a two-core machine; its own time is measured beside. */
const longQuery = 'select count(*) from generate_series(1, 900000) a where sqrt(a)::text like $1'

/** Measures under load, against the same calls at rest. */
export async function benchResponsiveness(): Promise<BenchResult[]> {
  const fake = await FakeProviderServer.start({ tokenDelayMs: 20 })
  const backend = await startTestBackend({ environment: { ...fake.environment, GROQ_API_KEY: 'bench', RATE_LIMIT_PER_MINUTE: '10000000' } })
  await backend.knowledge.ready()
  const { client } = await backend.patient('+237650009996')
  const atRest = await time(300, () => client.system.health({}))
  const queries: number[] = []
  let loaded = true
  const query = (async () => {
    while (loaded) {
      const startedAt = performance.now()
      await backend.database.query(longQuery, ['%99%'])
      queries.push(performance.now() - startedAt)
    }
  })()
  const texts = Array.from({ length: 100 }, (_unused, index) => `Passage ${index}: fever with shivering can be a sign of malaria and needs a test at the hospital on the same day.`)
  const embedding = (async () => {
    while (loaded) await backend.knowledge.embed(texts)
  })()
  const underLoad = await time(1000, async () => {
    await client.system.health({})
    await new Promise((resolve) => setTimeout(resolve, 2))
  })
  const paused = await time(200, () => new Promise((resolve) => setTimeout(resolve, 2)))
  const stops: number[] = []
  for (let round = 0; round < 4; round++) {
    const { conversation_id } = await client.conversations.create({})
    let begun = (): void => undefined
    const hasBegun = new Promise<void>((resolve) => (begun = resolve))
    const answered = client.chat.send(
      { message: 'What should I eat when I have a fever?', conversation_id, use_rag: false },
      { onEvent: (event) => (event.type === 'delta' ? begun() : undefined) },
    )
    await hasBegun
    const stoppedAt = performance.now()
    void client.chat.stop({ conversation_id })
    // Stop has taken effect when the provider's connection is closed; storing what was written may wait for the long query.
    await fake.requests.at(-1)?.closed
    stops.push(performance.now() - stoppedAt)
    await answered
  }
  loaded = false
  await Promise.all([query, embedding])
  await backend.remove()
  await fake.close()
  return [
    { name: 'trivial call while a long query runs and 100 passages are embedded', value: underLoad, unit: 'ms', reference: { name: 'a 2 ms timer beside it', value: paused }, note: `includes a 2 ms pause; at rest ${atRest.p50.toFixed(2)} ms; the query took ${distribution(queries).p50.toFixed(0)} ms` },
    { name: 'Stop until the provider’s connection is closed, same load', value: distribution(stops), unit: 'ms', reference: null },
  ]
}
