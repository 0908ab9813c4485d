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
  article_recalled: { status: 404, en: 'This article has been withdrawn by the hospital and is no longer shown. Ask a nurse or a doctor instead.', fr: "Cet article a été retiré par l'hôpital et n'est plus affiché. Demandez plutôt à une infirmière ou à un médecin." },
  answer_not_pending: { status: 409, en: 'There is nothing to complete in this answer any more.', fr: "Il n'y a plus rien à compléter dans cette réponse." },
  unknown_method: { status: 404, en: 'This method does not exist.', fr: "Cette méthode n'existe pas." },
  phone_taken: { status: 409, en: 'An account with this phone number already exists.', fr: 'Un compte existe déjà avec ce numéro de téléphone.' },
  email_taken: { status: 409, en: 'An account with this e-mail address already exists.', fr: 'Un compte existe déjà avec cette adresse e-mail.' },
  administrator_exists: { status: 409, en: 'This device already has an administrator.', fr: 'Cet appareil a déjà un administrateur.' },
  conversation_busy: { status: 409, en: 'An answer is still being written in this conversation.', fr: 'Une réponse est encore en cours dans cette conversation.' },
  undo_expired: { status: 409, en: 'It can no longer be restored.', fr: 'La restauration n’est plus possible.' },
  too_large: { status: 413, en: 'This is too large to send.', fr: "C'est trop volumineux pour être envoyé." },
  document_too_large: { status: 413, en: 'This file is larger than 25 MB. Divide it and add the parts.', fr: 'Ce fichier dépasse 25 Mo. Divisez-le et ajoutez les parties.' },
  document_too_many_pages: { status: 413, en: 'This document has more than 500 pages. Divide it and add the parts.', fr: 'Ce document a plus de 500 pages. Divisez-le et ajoutez les parties.' },
  document_too_long: { status: 413, en: 'This document holds more text than can be taken in (5 million characters). Divide it and add the parts.', fr: 'Ce document contient plus de texte que ce qui peut être pris en charge (5 millions de caractères). Divisez-le et ajoutez les parties.' },
  document_too_complex: { status: 413, en: 'This file unpacks to far more than it should, and reading it was stopped. Save it again from the program that made it, or as PDF.', fr: 'Une fois décompressé, ce fichier est beaucoup trop volumineux, et sa lecture a été arrêtée. Enregistrez-le de nouveau depuis le programme d’origine, ou en PDF.' },
  document_took_too_long: { status: 413, en: 'This document took longer than a minute to read and was given up. Divide it, or save it again as PDF.', fr: 'La lecture de ce document a pris plus d’une minute et a été abandonnée. Divisez-le ou enregistrez-le de nouveau en PDF.' },
  document_empty: { status: 400, en: 'This file is empty.', fr: 'Ce fichier est vide.' },
  document_type_not_supported: { status: 400, en: 'This kind of file cannot be read. Add a PDF, DOCX, TXT, Markdown, HTML or CSV file.', fr: 'Ce type de fichier ne peut pas être lu. Ajoutez un fichier PDF, DOCX, TXT, Markdown, HTML ou CSV.' },
  document_unreadable: { status: 400, en: 'This file is damaged and cannot be read. Save it again from the program that made it.', fr: 'Ce fichier est endommagé et ne peut pas être lu. Enregistrez-le de nouveau depuis le programme d’origine.' },
  document_encrypted: { status: 400, en: 'This document is protected by a password. Save it without one and add it again.', fr: 'Ce document est protégé par un mot de passe. Enregistrez-le sans mot de passe et ajoutez-le de nouveau.' },
  document_without_text: { status: 400, en: 'This document holds pictures of pages and no text: it was probably scanned. Run text recognition (OCR) on it, then add it again.', fr: 'Ce document contient des images de pages et aucun texte : il a sans doute été numérisé. Appliquez une reconnaissance de texte (OCR), puis ajoutez-le de nouveau.' },
  document_exists: { status: 409, en: 'The same document is already there.', fr: 'Le même document y est déjà.' },
  audio_empty: { status: 400, en: 'This recording is empty.', fr: 'Cet enregistrement est vide.' },
  audio_too_large: { status: 413, en: 'This recording is larger than 25 MB. Record a shorter one.', fr: 'Cet enregistrement dépasse 25 Mo. Enregistrez-en un plus court.' },
  audio_too_long: { status: 413, en: 'This recording is longer than 10 minutes. Record a shorter one.', fr: 'Cet enregistrement dure plus de 10 minutes. Enregistrez-en un plus court.' },
  audio_too_short: { status: 400, en: 'This recording is too short. Speak for a second or more.', fr: 'Cet enregistrement est trop court. Parlez au moins une seconde.' },
  audio_type_not_supported: { status: 400, en: 'This kind of file cannot be heard. Choose an MP3, WAV, M4A, FLAC, OGG or WebM recording.', fr: 'Ce type de fichier ne peut pas être écouté. Choisissez un enregistrement MP3, WAV, M4A, FLAC, OGG ou WebM.' },
  audio_unreadable: { status: 400, en: 'This recording is damaged and cannot be read.', fr: 'Cet enregistrement est endommagé et ne peut pas être lu.' },
  audio_needs_wav: { status: 400, en: 'Speech recognition on this device reads WAV recordings alone. Convert the recording to WAV.', fr: 'La reconnaissance vocale de cet appareil ne lit que les enregistrements WAV. Convertissez l’enregistrement en WAV.' },
  audio_without_speech: { status: 400, en: 'No words were heard. Speak closer to the microphone and try again.', fr: 'Aucun mot n’a été entendu. Parlez plus près du microphone et réessayez.' },
  speech_not_set_up: { status: 503, en: 'This device cannot turn speech into text: no speech recognition is set up. Please type instead.', fr: 'Cet appareil ne peut pas transformer la parole en texte : aucune reconnaissance vocale n’est configurée. Veuillez écrire.' },
  speech_needs_consent: { status: 403, en: 'Your voice would be sent to a service outside the hospital, and you have not agreed to that. Agree to online answers, or type your question.', fr: 'Votre voix serait envoyée à un service extérieur à l’hôpital, et vous ne l’avez pas accepté. Acceptez les réponses en ligne, ou écrivez votre question.' },
  speech_unavailable: { status: 503, en: 'Speech recognition cannot be reached at the moment. Try again, or type instead.', fr: 'La reconnaissance vocale est injoignable pour le moment. Réessayez, ou écrivez.' },
  translation_needs_consent: { status: 403, en: 'The text would be sent to a service outside the hospital to be translated, and you have not agreed to that.', fr: 'Le texte serait envoyé à un service extérieur à l’hôpital pour être traduit, et vous ne l’avez pas accepté.' },
  translation_unavailable: { status: 503, en: 'Translation needs an online provider or the hospital’s own server, and none answers at the moment.', fr: 'La traduction demande un fournisseur en ligne ou le serveur de l’hôpital, et aucun ne répond pour le moment.' },
  translation_unreliable: { status: 503, en: 'The translation changed a number or a dose and was thrown away. Ask a health worker to translate.', fr: 'La traduction a changé un nombre ou une dose et a été rejetée. Demandez à un soignant de traduire.' },
  same_language: { status: 400, en: 'The message is in this language already.', fr: 'Le message est déjà dans cette langue.' },
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
