/**
 * Whether a person's words may go to a provider outside the hospital. The newest decision on the present text holds, on a kiosk within its own
 * session alone; without one the answer is no. A server on the hospital's own network needs none.
 */
import { desc, eq } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { providerNames, type Language, type ProviderName } from '../../../shared/contract/common.js'
import { consentVersion, type ConsentState } from '../../../shared/contract/consent.js'
import { ContractError } from '../../../shared/contract/errors.js'
import type { Database } from '../database/database.js'
import { providerDefinitions } from '../providers/provider-definitions.js'
import type { Caller } from '../transport/handlers.js'
import { consentDecisions } from './tables.js'

/** Whose consent: a caller, or the person and session of a question that is answered later. */
export type ConsentingPerson = Pick<Caller, 'userId' | 'sessionId'>

export interface ConsentServiceParts {
  database: Database
  /** On a shared device a decision ends with its session. */
  kiosk: boolean
  /** Providers outside the hospital that are set up and switched on. */
  cloudProviders: () => Promise<ProviderName[]>
}

const onOwnNetwork: readonly ProviderName[] = providerNames.filter((provider) => !providerDefinitions[provider].cloud)

export class ConsentService {
  readonly #parts: ConsentServiceParts

  constructor(parts: ConsentServiceParts) {
    this.#parts = parts
  }

  async read(person: ConsentingPerson): Promise<ConsentState> {
    const decision = await this.#latest(person)
    const providers = await this.#parts.cloudProviders()
    if (!decision) return { decision: 'not_asked', version: consentVersion, decided_at: null, language: null, providers }
    return {
      decision: decision.given ? 'given' : 'refused',
      version: consentVersion,
      decided_at: new Date(decision.decidedAt).toISOString(),
      language: decision.lang,
      providers,
    }
  }

  /** Keeps a decision. Throws `validation_failed` when the person was shown another version of the text than the present one. */
  async set(person: ConsentingPerson, decision: { given: boolean; version: number; language: Language }): Promise<ConsentState> {
    if (decision.version !== consentVersion) throw new ContractError('validation_failed', { fields: [{ field: 'version', code: 'invalid', message: 'Not the present version of the text' }] })
    await this.#parts.database.drizzle.insert(consentDecisions).values({
      decisionId: uuidv7(),
      patientId: person.userId,
      sessionId: person.sessionId,
      given: decision.given,
      textVersion: decision.version,
      lang: decision.language,
    })
    return this.read(person)
  }

  /** The providers that may see what this person writes. */
  async allowedProviders(person: ConsentingPerson): Promise<readonly ProviderName[]> {
    return (await this.#latest(person))?.given === true ? providerNames : onOwnNetwork
  }

  async #latest(person: ConsentingPerson): Promise<typeof consentDecisions.$inferSelect | null> {
    const [row] = await this.#parts.database.drizzle
      .select()
      .from(consentDecisions)
      .where(eq(consentDecisions.patientId, person.userId))
      .orderBy(desc(consentDecisions.decisionId))
      .limit(1)
    if (!row || row.textVersion !== consentVersion) return null
    return this.#parts.kiosk && row.sessionId !== person.sessionId ? null : row
  }
}
