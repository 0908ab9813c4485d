import { ProviderFailure } from './provider-failure.js'

interface OpenAiErrorClasses {
  APIError: new (...values: never[]) => { status?: number | undefined; headers?: { get(name: string): string | null } | undefined }
  APIConnectionError: new (...values: never[]) => object
  APIConnectionTimeoutError: new (...values: never[]) => object
}

/** Reduces an error of the OpenAI or Groq SDK, which share their error classes' shape but not the classes, to a failure. */
export function toOpenAiFailure(error: unknown, classes: OpenAiErrorClasses): ProviderFailure {
  if (error instanceof ProviderFailure) return error
  if (error instanceof classes.APIConnectionTimeoutError) return new ProviderFailure('timed_out')
  if (error instanceof classes.APIConnectionError) return new ProviderFailure('network')
  if (error instanceof classes.APIError) {
    // Without a status it is an error object sent inside an open stream.
    if (error.status === undefined) return new ProviderFailure('server_error')
    return ProviderFailure.fromStatus(error.status, error.headers?.get('retry-after'))
  }
  if (error instanceof SyntaxError) return new ProviderFailure('malformed')
  return new ProviderFailure('network')
}
