/** Consent to online answers: whether a person's questions may go to a provider outside the hospital. Without it nothing leaves for one. */
import { z } from 'zod'
import { empty, language, providerName, timestamp } from './common.js'
import { call, signedIn } from './method.js'

/** Raised when the question's text says something else than before: an older yes then no longer counts. */
export const consentVersion = 1

export const consentState = z.object({
  /** `not_asked` until the person decided on this version of the text (on a kiosk, in this session). Only `given` lets anything go to the cloud. */
  decision: z.enum(['given', 'refused', 'not_asked']),
  /** Version of the text that is asked now. */
  version: z.number().int(),
  decided_at: timestamp.nullable(),
  /** Language of the text that was agreed to or refused. */
  language: language.nullable(),
  /** Providers outside the hospital that are set up on this device; empty when no question can go to one. */
  providers: z.array(providerName),
})
export type ConsentState = z.infer<typeof consentState>

export const consent = {
  read: call({ summary: 'Whether the caller’s questions may go to a provider outside the hospital', access: signedIn, input: empty, output: consentState, safe: true, rate: 'read' }),
  set: call({
    summary: 'Give, refuse or withdraw the consent; it holds from the next question on',
    access: signedIn,
    input: z.object({
      given: z.boolean(),
      /** Version of the text that the person was shown. */
      version: z.number().int().min(1).max(1_000_000),
      /** Language in which it was shown. */
      language,
    }),
    output: consentState,
    rate: 'read',
  }),
}
