/** `npm run provider:fake -- [--port 4010] [--mode normal] [--delay 15]`: the fake providers, until interrupted. */
import { parseArgs } from 'node:util'
import { fakeModes, isFakeMode } from './fake-modes.js'
import { FakeProviderServer } from './fake-provider-server.js'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4010' }, mode: { type: 'string', default: 'normal' }, delay: { type: 'string', default: '15' } },
})
const port = Number(values.port)
const tokenDelayMs = Number(values.delay)

if (!isFakeMode(values.mode) || !Number.isInteger(port) || !Number.isFinite(tokenDelayMs)) {
  process.stderr.write(`usage: npm run provider:fake -- [--port 4010] [--delay MS] [--mode ${fakeModes.join('|')}]\n`)
  process.exitCode = 2
} else {
  const fake = await FakeProviderServer.start({
    port,
    tokenDelayMs,
    mode: values.mode,
    onRequest: ({ provider, model, mode }) => process.stdout.write(`${provider} ${model} ${mode}\n`),
  })
  process.stdout.write(`Fake providers on ${fake.address}, mode ${values.mode}\n\n`)
  for (const [name, value] of Object.entries(fake.environment)) process.stdout.write(`export ${name}=${value}\n`)
  process.stdout.write('\n')
  const stop = () => void fake.close()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}
