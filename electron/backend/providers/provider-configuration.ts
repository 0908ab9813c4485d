import { z } from 'zod'
import { providerName, providerNames, type ProviderName } from '../../../shared/contract/common.js'
import { ContractError } from '../../../shared/contract/errors.js'
import type { ProviderState, providers } from '../../../shared/contract/providers.js'
import type { KeyStore } from '../keys/key-store.js'
import type { Logger } from '../logging/logger.js'
import type { DeviceStore } from '../settings/device-store.js'
import type { ProviderConnection } from './provider-adapter.js'
import { providerDefinitions } from './provider-definitions.js'

export type ConfigureInput = z.infer<typeof providers.configure.input>

const storedSettings = z.object({
  base_url: z.string().optional(),
  model: z.string().optional(),
  enabled: z.boolean().optional(),
})
const stored = z.object({
  order: z.array(providerName).optional(),
  providers: z.partialRecord(providerName, storedSettings).default({}),
})
type Stored = z.infer<typeof stored>

const storeKey = 'providers'
const keyName = (provider: ProviderName) => `provider.${provider}.key`

interface Sources {
  keyStore: KeyStore
  deviceStore: DeviceStore
  environment: NodeJS.ProcessEnv
}

/** What is set for each provider: by the administrator (kept) or, failing that, by the environment. Keys leave it in a connection only. */
export class ProviderConfiguration {
  readonly #keyStore: KeyStore
  readonly #deviceStore: DeviceStore
  readonly #environment: NodeJS.ProcessEnv
  #stored: Stored
  /** The administrator's keys. Held in memory so that a question never waits for the system's key store. */
  readonly #keys: Map<ProviderName, string>
  /** Changes run one after the other: each writes the whole value. */
  #lastChange: Promise<unknown> = Promise.resolve()

  private constructor(sources: Sources, settings: Stored, keys: Map<ProviderName, string>) {
    this.#keyStore = sources.keyStore
    this.#deviceStore = sources.deviceStore
    this.#environment = sources.environment
    this.#stored = settings
    this.#keys = keys
  }

  /**
   * Reads what is kept. Settings of an unknown shape and keys that the key store will not give count as not set: the device must
   * start without them.
   */
  static async load(sources: Sources & { logger: Logger }): Promise<ProviderConfiguration> {
    const value = await sources.deviceStore.read(storeKey)
    const parsed = stored.safeParse(value ?? {})
    if (!parsed.success) sources.logger.warn('the kept settings of the providers cannot be read; the defaults apply')
    const keys = new Map<ProviderName, string>()
    for (const provider of providerNames) {
      try {
        const key = await sources.keyStore.get(keyName(provider))
        if (key) keys.set(provider, key)
      } catch (error) {
        sources.logger.warn({ err: error, provider }, 'the key of a provider cannot be read')
      }
    }
    return new ProviderConfiguration(sources, parsed.success ? parsed.data : { providers: {} }, keys)
  }

  /** All providers in their order of fallback. */
  get order(): ProviderName[] {
    return [...new Set([...(this.#stored.order ?? []), ...providerNames])]
  }

  isEnabled(provider: ProviderName): boolean {
    return this.#stored.providers[provider]?.enabled ?? true
  }

  /** Has what it needs to be called. */
  isConfigured(provider: ProviderName): boolean {
    return this.configuredBy(provider) !== 'none' && this.baseUrl(provider) !== ''
  }

  /** Where what it needs to be called came from: the key of a cloud provider, the address of the hospital's server. */
  configuredBy(provider: ProviderName): ProviderState['configured_by'] {
    const definition = providerDefinitions[provider]
    const bySettings = definition.needsKey ? this.#keys.has(provider) : Boolean(this.#stored.providers[provider]?.base_url)
    if (bySettings) return 'settings'
    const byEnvironment = definition.needsKey ? this.#keyVariable(provider) : this.#addressVariable(provider)
    return byEnvironment ? 'environment' : 'none'
  }

  baseUrl(provider: ProviderName): string {
    return this.#stored.providers[provider]?.base_url || this.#addressVariable(provider) || providerDefinitions[provider].defaultBaseUrl
  }

  /** The model to ask for; empty when the server is to be asked. */
  model(provider: ProviderName): string {
    const { environment, defaultModel } = providerDefinitions[provider]
    return this.#stored.providers[provider]?.model || (environment.model === null ? '' : this.#variable(environment.model)) || defaultModel
  }

  /** The model that turns speech into text; empty when the server is to be asked, null where the provider has none. */
  speechModel(provider: ProviderName): string | null {
    const { environment, speechModel } = providerDefinitions[provider]
    return (environment.speechModel === null ? '' : this.#variable(environment.speechModel)) || speechModel
  }

  connection(provider: ProviderName): ProviderConnection {
    return { baseUrl: this.baseUrl(provider), apiKey: this.#keys.get(provider) ?? (this.#keyVariable(provider) || null) }
  }

  /**
   * Keeps a provider's settings; an empty key, address or model removes it, so that the environment or the default applies again.
   * A kept key does not follow to another server: a new address needs the key with it, or anybody at the settings could have it sent to them.
   * Throws ContractError `validation_failed`.
   */
  async change(input: ConfigureInput): Promise<void> {
    checkInput(input)
    await this.#inTurn(async () => {
      const { provider, api_key: key } = input
      const leadsAway = Boolean(input.base_url) && originOf(input.base_url) !== originOf(this.baseUrl(provider))
      if (leadsAway && key === undefined && this.#keys.has(provider)) throw invalid('api_key', 'required_with_address')
      if (key !== undefined) {
        await this.#keyStore.set(keyName(provider), key === '' ? null : key)
        if (key === '') this.#keys.delete(provider)
        else this.#keys.set(provider, key)
      }
      const settings = { ...this.#stored.providers[provider] }
      if (input.base_url !== undefined) settings.base_url = input.base_url
      if (input.model !== undefined) settings.model = input.model
      if (input.enabled !== undefined) settings.enabled = input.enabled
      await this.#keep({ ...this.#stored, providers: { ...this.#stored.providers, [provider]: settings } })
    })
  }

  /** Keeps the order of fallback. Throws ContractError `validation_failed` unless every provider is in it once. */
  async changeOrder(order: readonly ProviderName[]): Promise<void> {
    if (order.length !== providerNames.length || new Set(order).size !== order.length) throw invalid('order', 'duplicate')
    await this.#inTurn(() => this.#keep({ ...this.#stored, order: [...order] }))
  }

  async #keep(next: Stored): Promise<void> {
    await this.#deviceStore.write(storeKey, next)
    this.#stored = next
  }

  async #inTurn(change: () => Promise<void>): Promise<void> {
    const turn = this.#lastChange.then(change, change)
    this.#lastChange = turn
    await turn
  }

  /** The environment's key, for the environment's own server (or the default one) alone. */
  #keyVariable(provider: ProviderName): string {
    const itsServer = this.#addressVariable(provider) || providerDefinitions[provider].defaultBaseUrl
    return originOf(this.baseUrl(provider)) === originOf(itsServer) ? this.#variable(providerDefinitions[provider].environment.key) : ''
  }

  #variable(name: string): string {
    return this.#environment[name]?.trim() ?? ''
  }

  #addressVariable(provider: ProviderName): string {
    const address = this.#variable(providerDefinitions[provider].environment.baseUrl)
    return addressProblem(address) === null ? address : ''
  }
}

function checkInput({ provider, api_key: key, base_url: address }: ConfigureInput): void {
  // What a header cannot carry would fail later, as a network error.
  if (key && !/^[\x21-\x7e]+$/.test(key)) throw invalid('api_key', 'invalid_key')
  if (!address) return
  const problem = addressProblem(address)
  if (problem !== null) throw invalid('base_url', problem)
  const url = new URL(address)
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (providerDefinitions[provider].cloud && url.protocol !== 'https:' && !loopback) throw invalid('base_url', 'https_required')
}

/** Why an address cannot be used; null when it can. An address is shown to people, so it may hold no secret. */
function addressProblem(address: string): string | null {
  if (!URL.canParse(address)) return 'invalid_url'
  const url = new URL(address)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'invalid_url'
  return url.username || url.password || url.search || url.hash ? 'invalid_url' : null
}

function originOf(address: string | undefined): string {
  return address && URL.canParse(address) ? new URL(address).origin : ''
}

function invalid(field: string, code: string): ContractError {
  return new ContractError('validation_failed', { fields: [{ field, code, message: code }] })
}
