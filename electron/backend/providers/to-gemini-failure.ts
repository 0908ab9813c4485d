import { z } from 'zod'
import { ProviderFailure } from './provider-failure.js'

interface GeminiErrorClasses {
  GoogleGenerativeAIFetchError: new (...values: never[]) => { status?: number; errorDetails?: unknown }
  GoogleGenerativeAIRequestInputError: new (...values: never[]) => object
}

/** google.rpc.ErrorInfo and google.rpc.RetryInfo, as far as this reads them. */
const errorDetails = z.array(z.looseObject({ reason: z.string().optional(), retryDelay: z.string().optional() })).catch([])

/** Reduces an error of Google's SDK to a failure. The SDK hides the headers; the wait that Google asks for is in the error's details. */
export function toGeminiFailure(error: unknown, classes: GeminiErrorClasses): ProviderFailure {
  if (error instanceof ProviderFailure) return error
  if (error instanceof classes.GoogleGenerativeAIRequestInputError) return new ProviderFailure('refused')
  if (error instanceof classes.GoogleGenerativeAIFetchError) {
    const details = errorDetails.parse(error.errorDetails)
    // A wrong key comes as 400, not 401.
    if (details.some((detail) => detail.reason?.startsWith('API_KEY_'))) return new ProviderFailure('unauthorized', { status: error.status })
    const delay = details.find((detail) => detail.retryDelay !== undefined)?.retryDelay
    return ProviderFailure.fromStatus(error.status ?? 0, delay?.replace(/s$/, ''))
  }
  // The SDK has no class of its own for a chunk that is not JSON.
  if (error instanceof Error && error.message.includes('Error parsing JSON response')) return new ProviderFailure('malformed')
  return new ProviderFailure('network')
}
