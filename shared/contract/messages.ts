/** The messages on a MessagePort between a window and the backend. Over HTTP the same bodies travel as JSON and server-sent events. */
import type { ErrorBody } from './errors.js'
import type { Language } from './common.js'

export type ClientMessage =
  | { type: 'request'; id: number; method: string; input: unknown; token: string | null; language: Language }
  | { type: 'cancel'; id: number }

export type ServerMessage =
  | { type: 'event'; id: number; event: unknown }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'error'; id: number; error: ErrorBody }
