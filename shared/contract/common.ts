/** Shapes that several domains share. */
import { z } from 'zod'

export const languages = ['en', 'fr'] as const
export const language = z.enum(languages)
export type Language = z.infer<typeof language>

export const providerNames = ['groq', 'gemini', 'local'] as const
/** `groq` and `gemini` are the cloud; `local` is any OpenAI-compatible server on the hospital's network. */
export const providerName = z.enum(providerNames)
export type ProviderName = z.infer<typeof providerName>

export const uuid = z.uuid()
/** ISO 8601 with milliseconds, UTC. */
export const timestamp = z.iso.datetime({ offset: true })
export const empty = z.object({})
/** Longest message a person can send, in UTF-16 units. */
export const maximumMessageLength = 16_000
/** Largest request a transport accepts, in bytes of JSON. */
export const maximumRequestBytes = 512 * 1024
