/** Tells the windows of a person what changed in their conversations by itself. Nothing is kept: who was not listening reads the history. */
import type { ChatChange } from '../../../shared/contract/chat.js'
import type { Caller } from '../transport/handlers.js'

export interface ConversationWatchParts {
  /** Whether a session has neither ended nor expired. */
  sessionIsLive: (sessionId: string) => Promise<boolean>
  /** How long one watching lasts, ms; well within the life of the access token that began it. */
  watchMs?: number
}

interface Watcher {
  sessionId: string
  emit: (change: ChatChange) => void
  end: () => void
}

const defaultWatchMs = 10 * 60_000

export class ConversationWatch {
  readonly #parts: Required<ConversationWatchParts>
  readonly #watchers = new Map<string, Set<Watcher>>()

  constructor(parts: ConversationWatchParts) {
    this.#parts = { watchMs: defaultWatchMs, ...parts }
  }

  /** Sends a person's changes until the signal aborts, the time is over or their session has ended. */
  async watch(person: Caller, { emit, signal }: { emit: (change: ChatChange) => void; signal: AbortSignal }): Promise<void> {
    const watchers = this.#watchers.get(person.userId) ?? new Set()
    this.#watchers.set(person.userId, watchers)
    let end = (): void => undefined
    const ended = new Promise<void>((resolve) => (end = resolve))
    const watcher: Watcher = { sessionId: person.sessionId, emit, end }
    const timer = setTimeout(end, this.#parts.watchMs)
    timer.unref()
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
    watchers.add(watcher)
    emit({ type: 'watching' })
    await ended
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
    watchers.delete(watcher)
    if (watchers.size === 0) this.#watchers.delete(person.userId)
  }

  /** Tells every window of a person whose session still lives. */
  async publish(userId: string, change: ChatChange): Promise<void> {
    for (const watcher of [...(this.#watchers.get(userId) ?? [])]) {
      if (await this.#parts.sessionIsLive(watcher.sessionId)) watcher.emit(change)
      else watcher.end()
    }
  }

  /** Ends every watching. */
  close(): void {
    for (const watchers of this.#watchers.values()) for (const watcher of [...watchers]) watcher.end()
  }
}
