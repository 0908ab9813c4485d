import { PassThrough } from 'node:stream'
import pino from 'pino'
import { providerNames, type ProviderName } from '../../../../shared/contract/common.js'
import type { CompletionEvent, CompletionRequest, ProviderUsage } from '../completion.js'
import { ProvidersService, type ProvidersServiceOptions } from '../providers-service.js'
import type { FakeProviderServer } from './fake-provider-server.js'

export interface TestService {
  service: ProvidersService
  keys: Map<string, string>
  values: Map<string, unknown>
  usages: ProviderUsage[]
  /** Waits between attempts that were asked for, in ms. */
  waits: number[]
  /** Everything logged, at the most talkative level. */
  logged: () => string
  /** A second service on the same stores, as after a restart. */
  restart: (environment?: NodeJS.ProcessEnv) => Promise<ProvidersService>
}

/** A service against the fake, configured by the environment for the providers named, that does not really wait between attempts. */
export async function createTestService(
  fake: FakeProviderServer,
  { only, ...options }: Partial<ProvidersServiceOptions> & { only?: readonly ProviderName[] } = {},
): Promise<TestService> {
  const keys = new Map<string, string>()
  const values = new Map<string, unknown>()
  const usages: ProviderUsage[] = []
  const waits: number[] = []
  const lines: string[] = []
  const sink = new PassThrough().on('data', (line: Buffer) => lines.push(line.toString()))
  const prefixes = { groq: 'GROQ', gemini: 'GEMINI', local: 'LOCAL_LLM' }
  const chosen = ([name]: [string, string]) => (only ?? providerNames).some((provider) => name.startsWith(prefixes[provider]))
  const environment = Object.fromEntries(Object.entries(fake.environment).filter(chosen))
  const complete: ProvidersServiceOptions = {
    keyStore: {
      mode: 'file',
      get: async (name) => keys.get(name) ?? null,
      set: async (name, value) => void (value === null ? keys.delete(name) : keys.set(name, value)),
    },
    deviceStore: {
      // Through JSON, as a store would keep it.
      read: async (key) => values.get(key) ?? null,
      write: async (key, value) => void values.set(key, JSON.parse(JSON.stringify(value))),
    },
    environment,
    logger: pino({ level: 'trace' }, sink),
    recordUsage: async (usage) => void usages.push(usage),
    random: () => 0.5,
    sleep: async (ms) => void waits.push(ms),
    ...options,
  }
  return {
    service: await ProvidersService.create(complete),
    keys,
    values,
    usages,
    waits,
    logged: () => lines.join(''),
    restart: (other = environment) => ProvidersService.create({ ...complete, environment: other }),
  }
}

/** Asks and gathers everything until the end. */
export async function ask(
  service: ProvidersService,
  request: Partial<CompletionRequest> = {},
): Promise<{ events: CompletionEvent[]; text: string; types: string }> {
  const events: CompletionEvent[] = []
  const whole = { messages: [{ role: 'user' as const, content: 'What is malaria?' }], signal: new AbortController().signal, ...request }
  for await (const event of service.complete(whole)) events.push(event)
  const text = events.map((event) => (event.type === 'delta' ? event.text : '')).join('')
  // Runs of deltas as one word.
  const types = events.map((event) => event.type).filter((type, index, all) => type !== 'delta' || all[index - 1] !== 'delta')
  return { events, text, types: types.join(' ') }
}
