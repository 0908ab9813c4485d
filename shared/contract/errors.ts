/**
 * Failures as they cross the boundary: a code, an HTTP status, a sentence in both languages and, for validation, the fields.
 * Inside the backend they are exceptions (`ContractError`); at the boundary they are values (`ErrorBody`).
 */
import { z } from 'zod'
import type { Language } from './common.js'

interface ErrorDefinition {
  status: 400 | 401 | 403 | 404 | 409 | 413 | 429 | 500 | 503
  en: string
  fr: string
}

const definitions = {
  validation_failed: { status: 400, en: 'Some fields are not valid.', fr: 'Certains champs ne sont pas valides.' },
  malformed_request: { status: 400, en: 'The request could not be read.', fr: "La demande n'a pas pu être lue." },
  unauthenticated: { status: 401, en: 'Please sign in.', fr: 'Veuillez vous connecter.' },
  token_expired: { status: 401, en: 'Your session has expired. Please sign in again.', fr: 'Votre session a expiré. Veuillez vous reconnecter.' },
  invalid_credentials: { status: 401, en: 'The phone number or the password is not right.', fr: "Le numéro de téléphone ou le mot de passe n'est pas correct." },
  forbidden: { status: 403, en: 'You are not allowed to do this.', fr: "Vous n'êtes pas autorisé à faire cela." },
  wrong_setup_code: { status: 403, en: 'The set-up code is not right.', fr: "Le code d'installation n'est pas correct." },
  not_found: { status: 404, en: 'It was not found.', fr: 'Introuvable.' },
  unknown_method: { status: 404, en: 'This method does not exist.', fr: "Cette méthode n'existe pas." },
  phone_taken: { status: 409, en: 'An account with this phone number already exists.', fr: 'Un compte existe déjà avec ce numéro de téléphone.' },
  email_taken: { status: 409, en: 'An account with this e-mail address already exists.', fr: 'Un compte existe déjà avec cette adresse e-mail.' },
  administrator_exists: { status: 409, en: 'This device already has an administrator.', fr: 'Cet appareil a déjà un administrateur.' },
  conversation_busy: { status: 409, en: 'An answer is still being written in this conversation.', fr: 'Une réponse est encore en cours dans cette conversation.' },
  undo_expired: { status: 409, en: 'It can no longer be restored.', fr: 'La restauration n’est plus possible.' },
  too_large: { status: 413, en: 'This is too large to send.', fr: "C'est trop volumineux pour être envoyé." },
  rate_limited: { status: 429, en: 'Too many requests. Please wait a moment.', fr: 'Trop de demandes. Veuillez patienter un instant.' },
  locked_out: { status: 429, en: 'Too many attempts. Please wait before trying again.', fr: 'Trop de tentatives. Veuillez patienter avant de réessayer.' },
  internal: { status: 500, en: 'Something went wrong on this device. Nothing that was saved is lost.', fr: 'Un problème est survenu sur cet appareil. Rien de ce qui était enregistré n’est perdu.' },
  provider_unavailable: { status: 503, en: 'The assistant’s provider cannot be reached.', fr: "Le fournisseur de l'assistant est injoignable." },
  provider_rejected: { status: 503, en: 'The provider refused the request. Check the key and the model.', fr: 'Le fournisseur a refusé la demande. Vérifiez la clé et le modèle.' },
  backend_lost: { status: 503, en: 'The service on this device stopped and is starting again.', fr: "Le service de cet appareil s'est arrêté et redémarre." },
  timed_out: { status: 503, en: 'This took too long and was given up.', fr: 'Cela a pris trop de temps et a été abandonné.' },
  cancelled: { status: 503, en: 'This was stopped.', fr: 'Cela a été arrêté.' },
} as const satisfies Record<string, ErrorDefinition>

export type ErrorCode = keyof typeof definitions
export const errorCodes = Object.keys(definitions) as [ErrorCode, ...ErrorCode[]]

/** HTTP status of an error code. */
export function errorStatus(code: ErrorCode): ErrorDefinition['status'] {
  return definitions[code].status
}

/** The sentence a person reads for an error code. */
export function errorText(code: ErrorCode, language: Language): string {
  return definitions[code][language]
}

/** What is wrong with one field; `code` is a stable word that the window translates (`too_short`, `invalid_phone` …). */
export const fieldError = z.object({ field: z.string(), code: z.string(), message: z.string() })
export type FieldError = z.infer<typeof fieldError>

/** The error as every transport sends it; document A's three fields come first. */
export const errorBody = z.object({
  detail: z.string(),
  status_code: z.number().int(),
  timestamp: z.string(),
  code: z.enum(errorCodes),
  errors: z.array(fieldError).optional(),
  retry_after_s: z.number().optional(),
})
export type ErrorBody = z.infer<typeof errorBody>

/** Thrown inside the backend and rejected with in the client; carries no patient text. */
export class ContractError extends Error {
  readonly code: ErrorCode
  readonly fields: readonly FieldError[] | undefined
  readonly retryAfterS: number | undefined

  constructor(code: ErrorCode, options: { fields?: readonly FieldError[]; retryAfterS?: number; cause?: unknown } = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ContractError'
    this.code = code
    this.fields = options.fields
    this.retryAfterS = options.retryAfterS
  }

  get status(): number {
    return errorStatus(this.code)
  }
}

/** Turns an error into the value that is sent. */
export function toErrorBody(error: ContractError, language: Language, now: Date): ErrorBody {
  return {
    detail: errorText(error.code, language),
    status_code: error.status,
    timestamp: now.toISOString(),
    code: error.code,
    ...(error.fields ? { errors: [...error.fields] } : {}),
    ...(error.retryAfterS === undefined ? {} : { retry_after_s: error.retryAfterS }),
  }
}

/** Turns a received error value back into the exception that the caller catches. */
export function fromErrorBody(body: ErrorBody): ContractError {
  return new ContractError(body.code, {
    ...(body.errors ? { fields: body.errors } : {}),
    ...(body.retry_after_s === undefined ? {} : { retryAfterS: body.retry_after_s }),
  })
}
