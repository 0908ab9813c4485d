import { setTimeout as wait } from 'node:timers/promises'
import { providerNames, type ProviderName } from '../../../shared/contract/common.js'
import type { ProviderState } from '../../../shared/contract/providers.js'
import type { KeyStore } from '../keys/key-store.js'
import type { Logger } from '../logging/logger.js'
import type { DeviceStore } from '../settings/device-store.js'
import type { CompletionEvent, CompletionRequest, ProviderUsage } from './completion.js'
import { GeminiAdapter } from './gemini-adapter.js'
import { GroqAdapter } from './groq-adapter.js'
import { OpenAiCompatibleAdapter } from './openai-compatible-adapter.js'
import type { ProviderAdapter, ProviderConnection } from './provider-adapter.js'
import { attemptCompletion, stopped } from './provider-attempt.js'
import { ProviderCircuit } from './provider-circuit.js'
import { ProviderConfiguration, type ConfigureInput } from './provider-configuration.js'
import { providerDefinitions } from './provider-definitions.js'
import { ProviderFailure, type FailureReason } from './provider-failure.js'
import { speechModelAmong, transcribeSpeech, type SpeechRecording } from './transcribe-speech.js'
import type { SpokenText } from './spoken-text.js'

/** The patience of the service, in ms and counts. */
export interface ProviderLimits {
  /** Longest wait for a response to open, and then for each next piece of it. */
  responseMs: number
  /** Further attempts at the same provider after the first. */
  retries: number
  /** Upper bound of the first random wait before another attempt; it doubles each time. */
  backoffMs: number
  /** The longest Retry-After that is waited for. */
  longestRetryAfterMs: number
  /** Failures in a row that open a provider's circuit, and how long it stays open. */
  circuitFailures: number
  circuitOpenMs: number
  /** Longest test of a provider as a whole; the contract gives the call 40 s. */
  testMs: number
}

const defaultLimits: ProviderLimits = {
  responseMs: 30_000,
  retries: 2,
  backoffMs: 500,
  longestRetryAfterMs: 5_000,
  circuitFailures: 3,
  circuitOpenMs: 30_000,
  testMs: 35_000,
}

export interface ProvidersServiceOptions {
  keyStore: KeyStore
  deviceStore: DeviceStore
  environment: NodeJS.ProcessEnv
  logger: Logger
  /** Called once for every provider asked in a question, without being waited for. */
  recordUsage: (usage: ProviderUsage) => Promise<void>
  /** Milliseconds since the epoch. */
  now?: () => number
  /** From 0 up to 1. */
  random?: () => number
  /** Waits; rejects when the signal aborts. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  limits?: Partial<ProviderLimits>
}

/** What is known of a provider from calling it; forgotten when it is configured anew. */
interface Experience {
  circuit: ProviderCircuit
  health: 'available' | 'failing' | 'unknown'
  lastError: FailureReason | null
  /** Models that the server named. */
  models: readonly string[]
}

/** Asks the language-model providers in their order, with retries, fallback and a circuit breaker for each. */
export class ProvidersService {
  readonly #options: Required<Omit<ProvidersServiceOptions, 'limits'>>
  readonly #limits: ProviderLimits
  readonly #configuration: ProviderConfiguration
  readonly #adapters: Readonly<Record<ProviderName, ProviderAdapter>>
  readonly #experience: Map<ProviderName, Experience>

  private constructor(options: ProvidersServiceOptions, configuration: ProviderConfiguration) {
    this.#options = {
      now: Date.now,
      random: Math.random,
      sleep: (ms, signal) => wait(ms, undefined, { signal }),
      ...options,
    }
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#configuration = configuration
    this.#adapters = { groq: new GroqAdapter(), gemini: new GeminiAdapter(), local: new OpenAiCompatibleAdapter() }
    this.#experience = new Map(providerNames.map((provider) => [provider, this.#newExperience()]))
  }

  /** Reads the kept settings and keys; sends nothing. */
  static async create(options: ProvidersServiceOptions): Promise<ProvidersService> {
    return new ProvidersService(options, await ProviderConfiguration.load(options))
  }

  /** All providers in their order of fallback; without their keys. */
  async list(): Promise<ProviderState[]> {
    return this.#configuration.order.map((provider) => this.#state(provider))
  }

  /** The state of every provider by name, for the health methods. */
  health(): Record<ProviderName, ProviderState> {
    const states = providerNames.map((provider) => [provider, this.#state(provider)] as const)
    // providerNames holds every name once.
    return Object.fromEntries(states) as Record<ProviderName, ProviderState>
  }

  /** Keeps a provider's settings and gives it a fresh start. Throws ContractError `validation_failed`. */
  async configure(input: ConfigureInput): Promise<ProviderState> {
    await this.#configuration.change(input)
    this.#experience.set(input.provider, this.#newExperience())
    return this.#state(input.provider)
  }

  /** Keeps the order of fallback. Throws ContractError `validation_failed`. */
  async setOrder(order: readonly ProviderName[]): Promise<ProviderState[]> {
    await this.#configuration.changeOrder(order)
    return this.list()
  }

  /** Whether asking now would reach for at least one provider. */
  hasUsable(preferred?: ProviderName | null, allowed?: readonly ProviderName[]): boolean {
    return this.#candidates(preferred, allowed).some((provider) => !this.#known(provider).circuit.isOpen)
  }

  /** Whether any provider, or any of these, is set up and switched on, whatever its health. */
  hasConfigured(allowed?: readonly ProviderName[]): boolean {
    return this.#candidates(null, allowed).length > 0
  }

  /** Providers that may be able to turn speech into text, with the model where it is known; sends nothing. */
  speechProviders(allowed?: readonly ProviderName[]): { provider: ProviderName; model: string }[] {
    return this.#candidates(null, allowed).flatMap((provider) => {
      const model = this.#configuration.speechModel(provider) ?? null
      const named = model === '' ? speechModelAmong(this.#known(provider).models) : model
      // A server that named its models, none of which hears, is left out.
      return model === null || (named === '' && this.#known(provider).models.length > 0) ? [] : [{ provider, model: named ?? '' }]
    })
  }

  /** Turns a recording into text by one provider, with retries under its circuit. Throws ProviderFailure, or an AbortError when the signal aborts. */
  async transcribe(provider: ProviderName, recording: SpeechRecording): Promise<SpokenText & { model: string }> {
    const known = this.#known(provider)
    return transcribeSpeech({
      ...recording,
      provider,
      adapter: this.#adapters[provider],
      connection: this.#configuration.connection(provider),
      model: async (connection, signal) => {
        const model = this.#configuration.speechModel(provider)
        if (model) return model
        if (model === null) return ''
        if (known.models.length === 0) known.models = (await this.#adapters[provider].models?.(connection, signal)) ?? []
        return speechModelAmong(known.models)
      },
      circuit: known.circuit,
      now: this.#options.now,
      delayBeforeRetry: (failure, attempts) => this.#delayBeforeRetry(failure, attempts),
      sleep: this.#options.sleep,
      failureOf: (error) => this.#failureOf(error, provider),
      onFailure: (failure, attempt) => {
        if (failure.outage) learnFailure(known, failure)
        this.#options.logger.warn({ provider, reason: failure.reason, status: failure.status, attempt }, 'a provider did not hear')
      },
      record: (usage) => this.#record(usage),
    })
  }

  /** Sends one short request, to a disabled or shunned provider too; its success closes the circuit. */
  async test(provider: ProviderName): Promise<{ ok: boolean; model: string | null; latency_ms: number | null; failure: FailureReason | null }> {
    if (!this.#configuration.isConfigured(provider)) return { ok: false, model: null, latency_ms: null, failure: 'not_configured' }
    const startedAt = this.#options.now()
    const deadline = AbortSignal.timeout(this.#limits.testMs)
    const known = this.#known(provider)
    let model: string | null = null
    try {
      // Without a token limit: a model that thinks first would spend a small one before its answer.
      const attempt = this.#attempt(provider, { messages: [{ role: 'user', content: 'Reply with the one word OK.' }], signal: deadline })
      for await (const event of attempt) if (event.type === 'opened') model = event.model
      Object.assign(known, { ...this.#newExperience(), health: 'available', models: known.models } satisfies Experience)
      return { ok: true, model, latency_ms: this.#options.now() - startedAt, failure: null }
    } catch (error) {
      const failure = deadline.aborted ? new ProviderFailure('timed_out') : this.#failureOf(error, provider)
      learnFailure(known, failure)
      return { ok: false, model, latency_ms: null, failure: failure.reason }
    }
  }

  /**
   * Streams an answer from the first provider that gives one. Provider failures are events, not exceptions.
   * Throws an AbortError as soon as the signal aborts.
   */
  async *complete(request: CompletionRequest): AsyncGenerator<CompletionEvent, void> {
    const candidates = this.#candidates(request.provider, request.allowed)
    const modelOf = request.provider ?? candidates[0]
    let reason: FailureReason = 'not_configured'
    for (const [index, provider] of candidates.entries()) {
      const failed = yield* this.#ask(provider, provider === modelOf ? request : { ...request, model: null })
      if (failed === null) return
      reason = failed
      yield { type: 'fallback', from: provider, to: candidates[index + 1] ?? null, reason }
    }
    if (request.signal.aborted) throw stopped()
    yield { type: 'exhausted', reason }
  }

  /** Asks one provider, again where that may help. Returns null once it finished, or why it did not. */
  async *#ask(provider: ProviderName, request: CompletionRequest): AsyncGenerator<CompletionEvent, FailureReason | null> {
    const { now, sleep } = this.#options
    // Held on to: a provider that is configured anew meanwhile is not judged by this call.
    const known = this.#known(provider)
    const model = request.model || this.#configuration.model(provider)
    const usage: ProviderUsage = { provider, model, promptTokens: null, completionTokens: null, outcome: 'stopped', durationMs: 0 }
    let reason: FailureReason = 'circuit_open'
    let attempts = 0
    let started = false
    const startedAt = now()
    try {
      for (;;) {
        if (request.signal.aborted) throw stopped()
        const trial = await known.circuit.begin()
        if (trial === null) {
          usage.outcome = 'failed'
          return reason
        }
        attempts++
        let words = false
        let failure: ProviderFailure
        try {
          for await (const event of this.#attempt(provider, request)) {
            if (event.type === 'opened') {
              usage.model = event.model
              if (!started) yield { type: 'started', provider, model: event.model }
              started = true
            } else if (event.type === 'text') {
              words = true
              yield { type: 'delta', text: event.text }
            } else {
              trial.succeed()
              known.health = 'available'
              known.lastError = null
              Object.assign(usage, event.usage, { outcome: 'complete' } satisfies Partial<ProviderUsage>)
              yield { type: 'finished', provider, model: usage.model, finishReason: event.finishReason, usage: event.usage }
            }
          }
          return null
        } catch (error) {
          if (request.signal.aborted) throw stopped()
          const caught = this.#failureOf(error, provider)
          // After the first words a lost connection is a cut answer.
          failure = words && caught.reason === 'network' ? new ProviderFailure('cut') : caught
          trial.fail(failure)
          learnFailure(known, failure)
        } finally {
          // Only counts when there was no verdict: stopped, or left by the caller.
          trial.abandon()
        }
        reason = failure.reason
        this.#options.logger.warn({ provider, reason, status: failure.status, attempt: attempts, words }, 'a provider failed')
        const delay = this.#delayBeforeRetry(failure, attempts)
        if (words || delay === null) {
          usage.outcome = words ? 'partial' : 'failed'
          if (words) yield { type: 'cut', provider, reason }
          return reason
        }
        await sleep(delay, request.signal).catch((error: unknown) => {
          throw request.signal.aborted ? stopped() : error
        })
      }
    } finally {
      if (attempts > 0) this.#record({ ...usage, durationMs: now() - startedAt })
    }
  }

  #attempt(provider: ProviderName, request: Pick<CompletionRequest, 'messages' | 'model' | 'temperature' | 'maximumTokens' | 'signal'>) {
    return attemptCompletion({
      adapter: this.#adapters[provider],
      connection: this.#configuration.connection(provider),
      model: request.model || this.#configuration.model(provider) || ((connection, signal) => this.#firstModel(provider, connection, signal)),
      messages: request.messages,
      temperature: request.temperature ?? null,
      maximumTokens: request.maximumTokens ?? null,
      signal: request.signal,
      limitMs: this.#limits.responseMs,
    })
  }

  async #firstModel(provider: ProviderName, connection: ProviderConnection, signal: AbortSignal): Promise<string> {
    const known = this.#known(provider)
    if (known.models.length === 0) known.models = (await this.#adapters[provider].models?.(connection, signal)) ?? []
    const first = known.models[0]
    if (first === undefined) throw new ProviderFailure('refused')
    return first
  }

  /** Full jitter: anywhere from nothing to the bound, so that many kiosks do not come back at the same moment. Null: do not try again. */
  #delayBeforeRetry(failure: ProviderFailure, attempts: number): number | null {
    const { retries, backoffMs, longestRetryAfterMs } = this.#limits
    if (!failure.transient || attempts > retries) return null
    if (failure.retryAfterMs === undefined) return this.#options.random() * backoffMs * 2 ** (attempts - 1)
    return failure.retryAfterMs <= longestRetryAfterMs ? failure.retryAfterMs : null
  }

  /** The providers to ask, in order; those not configured, switched off or not allowed are left out. */
  #candidates(preferred: ProviderName | null | undefined, allowed: readonly ProviderName[] = providerNames): ProviderName[] {
    const order = this.#configuration.order
    return [...new Set(preferred ? [preferred, ...order] : order)].filter(
      (provider) => allowed.includes(provider) && this.#configuration.isEnabled(provider) && this.#configuration.isConfigured(provider),
    )
  }

  #state(provider: ProviderName): ProviderState {
    const { label, models } = providerDefinitions[provider]
    const known = this.#known(provider)
    const configured = this.#configuration.isConfigured(provider)
    const model = this.#configuration.model(provider) || (known.models[0] ?? '')
    return {
      provider,
      label,
      configured,
      enabled: this.#configuration.isEnabled(provider),
      configured_by: this.#configuration.configuredBy(provider),
      base_url: this.#configuration.baseUrl(provider),
      model,
      models: [...new Set([model, ...models, ...known.models])].filter((name) => name !== ''),
      health: !configured ? 'not_configured' : known.circuit.isOpen ? 'open' : known.health,
      last_error: known.lastError,
    }
  }

  #known(provider: ProviderName): Experience {
    const known = this.#experience.get(provider)
    if (!known) throw new Error('every provider has an entry from the constructor on')
    return known
  }

  #newExperience(): Experience {
    const circuit = new ProviderCircuit({ failures: this.#limits.circuitFailures, halfOpenAfterMs: this.#limits.circuitOpenMs })
    return { circuit, health: 'unknown', lastError: null, models: [] }
  }

  /** Not waited for: neither the end of an answer nor a stop may hang on the statistics. */
  #record(usage: ProviderUsage): void {
    this.#options.recordUsage(usage).catch((error: unknown) => {
      this.#options.logger.warn({ err: error, provider: usage.provider }, 'the usage of a provider was not recorded')
    })
  }

  /** Anything but a ProviderFailure is a fault of this program, e.g. an SDK missing from the package: logged, and the next provider is asked. */
  #failureOf(error: unknown, provider: ProviderName): ProviderFailure {
    if (error instanceof ProviderFailure) return error
    this.#options.logger.error({ err: error, provider }, 'the adapter of a provider failed')
    return new ProviderFailure('malformed')
  }
}

function learnFailure(known: Experience, failure: ProviderFailure): void {
  known.health = 'failing'
  known.lastError = failure.reason
  // The model may be gone from the server: it is asked again next time.
  if (failure.reason === 'refused') known.models = []
}
