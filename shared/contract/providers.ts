/** Language-model providers: which are configured, how they are, their keys. A key goes in and never comes out. */
import { z } from 'zod'
import { empty, providerName, providerNames } from './common.js'
import { administrators, call, signedIn } from './method.js'

export const providerState = z.object({
  provider: providerName,
  label: z.string(),
  /** Has what it needs to be called: a key, or an address for `local`. */
  configured: z.boolean(),
  enabled: z.boolean(),
  /** Where the key or the address came from. */
  configured_by: z.enum(['settings', 'environment', 'none']),
  base_url: z.string(),
  model: z.string(),
  models: z.array(z.string()),
  /** `available` after a success, `failing` after failures, `open` while the circuit breaker keeps calls away, `unknown` before the first call. */
  health: z.enum(['available', 'failing', 'open', 'unknown', 'not_configured']),
  last_error: z.string().nullable(),
})
export type ProviderState = z.infer<typeof providerState>

export const providers = {
  list: call({
    summary: 'Providers in their order of fallback',
    access: signedIn,
    input: empty,
    output: z.object({ providers: z.array(providerState) }),
    safe: true,
    rate: 'read',
  }),
  configure: call({
    summary: 'Set a provider’s key, address, model, or switch it on or off; an empty key removes it',
    access: administrators,
    input: z.object({
      provider: providerName,
      api_key: z.string().trim().max(400).optional(),
      base_url: z.union([z.url({ protocol: /^https?$/ }), z.literal('')]).optional(),
      model: z.string().trim().max(120).optional(),
      enabled: z.boolean().optional(),
    }),
    output: providerState,
  }),
  setOrder: call({
    summary: 'Set the order of fallback',
    access: administrators,
    input: z.object({ order: z.array(providerName).length(providerNames.length) }),
    output: z.object({ providers: z.array(providerState) }),
  }),
  test: call({
    summary: 'Send one short request and say what happened',
    access: administrators,
    input: z.object({ provider: providerName }),
    output: z.object({ ok: z.boolean(), model: z.string().nullable(), latency_ms: z.number().nullable(), failure: z.string().nullable() }),
    timeoutMs: 40_000,
  }),
}
