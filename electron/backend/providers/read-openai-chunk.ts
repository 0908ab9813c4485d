import type { TokenUsage } from './completion.js'
import type { AnswerChunk } from './provider-adapter.js'
import { ProviderFailure } from './provider-failure.js'

interface WireUsage {
  prompt_tokens?: number
  completion_tokens?: number
}

/** What this reads of a chat completion chunk; Groq puts its usage under `x_groq`. */
export interface WireChunk {
  choices?: readonly { delta?: { content?: string | null }; finish_reason?: string | null }[]
  usage?: WireUsage | null
  x_groq?: { usage?: WireUsage | null; error?: string | null } | null
}

/** Reads one chunk of the OpenAI wire format. Throws ProviderFailure, `refused` when a content filter ended the answer. */
export function readOpenAiChunk(chunk: WireChunk | null): AnswerChunk {
  // The SDKs hand on whatever JSON the server sent.
  if (typeof chunk !== 'object' || chunk === null) throw new ProviderFailure('malformed')
  if (chunk.x_groq?.error) throw new ProviderFailure('server_error')
  const choice = chunk.choices?.[0]
  if (choice?.finish_reason === 'content_filter') throw new ProviderFailure('refused')
  return {
    text: choice?.delta?.content ?? '',
    finishReason: choice?.finish_reason?.toLowerCase() ?? null,
    usage: readUsage(chunk.x_groq?.usage ?? chunk.usage),
  }
}

function readUsage(usage: WireUsage | null | undefined): TokenUsage | null {
  if (!usage) return null
  return { promptTokens: usage.prompt_tokens ?? null, completionTokens: usage.completion_tokens ?? null }
}
