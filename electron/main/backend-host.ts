/** Starts the backend process, watches it, and starts it again when it dies. */
import { diskFailureExitCode, type BackendMessage, type BackendOptions, type ShellMessage } from '../backend/process-messages.js'
import { Heartbeat, heartbeatLimits, type HeartbeatLimits } from './heartbeat.js'
import { RestartDelay } from './restart-delay.js'

/** The part of a utility process that the host uses. `Port` is what crosses with a message: Electron's MessagePortMain. */
export interface BackendChild<Port> {
  postMessage(message: ShellMessage, ports?: Port[]): void
  onMessage(listener: (message: BackendMessage) => void): void
  onExit(listener: (code: number) => void): void
  /** Ends the process at once, whatever it is doing. */
  kill(): void
}

/** Secrets for the backend; rejects when they cannot be kept. */
export interface BackendKeys {
  get(name: string): string | null
  set(name: string, value: string | null): Promise<void>
}

/**
 * `starting` until it answers for the first time or again; `disk_failed` while it waits after a disk error;
 * `folder_in_use` and `folder_newer` are final.
 */
export type BackendState = 'starting' | 'ready' | 'disk_failed' | 'folder_in_use' | 'folder_newer' | 'stopped'

export interface BackendHostOptions<Port> {
  fork: () => BackendChild<Port>
  start: BackendOptions
  keys: BackendKeys
  /** Told of every change, in order. */
  onState: (state: BackendState) => void
  /** What happened, for the log: codes and numbers only. */
  onEvent?: (event: string, details: Record<string, number | string>) => void
  heartbeat?: HeartbeatLimits
  restartDelay?: RestartDelay
  diskFailureDelay?: RestartDelay
  /** Longest time from the fork to `ready`, in ms: the first start makes the database. */
  startLimitMs?: number
  /** Longest time for an orderly end, in ms. */
  stopLimitMs?: number
}

interface Running<Port> {
  child: BackendChild<Port>
  startedAt: number
  startTimer: NodeJS.Timeout
  heartbeatTimer: NodeJS.Timeout | undefined
  heartbeat: Heartbeat | null
  refusal: 'folder_in_use' | 'folder_newer' | 'disk_failed' | 'unexpected' | null
  /** Pings that somebody waits for, by sequence. */
  pings: Map<number, (alive: boolean) => void>
}

const finalStates: readonly BackendState[] = ['folder_in_use', 'folder_newer', 'stopped']

export class BackendHost<Port> {
  readonly #options: Required<Omit<BackendHostOptions<Port>, 'onEvent'>> & Pick<BackendHostOptions<Port>, 'onEvent'>
  readonly #waiting = new Set<() => void>()
  #state: BackendState = 'starting'
  #running: Running<Port> | null = null
  #restartTimer: NodeJS.Timeout | undefined
  #stopping: Promise<void> | null = null
  #sequence = 0

  constructor(options: BackendHostOptions<Port>) {
    this.#options = {
      heartbeat: heartbeatLimits,
      restartDelay: new RestartDelay(),
      diskFailureDelay: new RestartDelay({ firstMs: 5_000, longestMs: 60_000 }),
      startLimitMs: 120_000,
      stopLimitMs: 5_000,
      ...options,
    }
  }

  get state(): BackendState {
    return this.#state
  }

  /** Forks the backend. Call once. */
  start(): void {
    this.#fork()
  }

  /** Resolves when the state is no longer `starting`, with what it became. */
  async settled(): Promise<BackendState> {
    while (this.#state === 'starting') await new Promise<void>((resolve) => this.#waiting.add(resolve))
    return this.#state
  }

  /**
   * Resolves as `settled` does, and where that is `ready` only once the backend has answered a ping: a process that has just died is still
   * listed for a moment, and a port given to it would be lost.
   */
  async answers(): Promise<BackendState> {
    for (;;) {
      const state = await this.settled()
      const running = this.#running
      if (state !== 'ready' || !running) return state
      if (await new Promise<boolean>((resolve) => this.#ping(running, resolve))) return this.#state
    }
  }

  /** Hands a port to the backend; false when it is not ready, and the port is then the caller's to close. */
  connect(connectionId: number, port: Port): boolean {
    if (this.#state !== 'ready' || !this.#running) return false
    this.#running.child.postMessage({ type: 'connect', connectionId }, [port])
    return true
  }

  /** Closes a port in the backend; nothing happens when it is closed already. */
  disconnect(connectionId: number): void {
    if (this.#state === 'ready') this.#running?.child.postMessage({ type: 'disconnect', connectionId })
  }

  /** Ends the backend in order, by force after a while. Resolves when it has ended. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#restartTimer)
    const running = this.#running
    this.#change('stopped')
    if (!running) return
    running.child.postMessage({ type: 'shut-down' })
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => running.child.kill(), this.#options.stopLimitMs)
      running.child.onExit(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #fork(): void {
    const child = this.#options.fork()
    const running: Running<Port> = {
      child,
      startedAt: performance.now(),
      startTimer: setTimeout(() => this.#kill(running, 'start_too_slow'), this.#options.startLimitMs),
      heartbeatTimer: undefined,
      heartbeat: null,
      refusal: null,
      pings: new Map(),
    }
    this.#running = running
    child.onMessage((message) => this.#receive(running, message))
    child.onExit((code) => this.#exited(running, code))
    child.postMessage({ type: 'start', options: this.#options.start })
  }

  #receive(running: Running<Port>, message: BackendMessage): void {
    if (running !== this.#running) return
    switch (message.type) {
      case 'ready':
        clearTimeout(running.startTimer)
        if (this.#stopping) return
        running.heartbeat = new Heartbeat(performance.now(), this.#options.heartbeat)
        running.heartbeatTimer = setInterval(() => this.#beat(running), this.#options.heartbeat.intervalMs)
        this.#change('ready')
        return
      case 'refused':
        running.refusal = message.reason
        return
      case 'pong':
        running.heartbeat?.pong(performance.now(), message.databaseBusyMs)
        running.pings.get(message.sequence)?.(true)
        running.pings.delete(message.sequence)
        return
      case 'key-get':
        running.child.postMessage({ type: 'key', id: message.id, value: this.#options.keys.get(message.name) })
        return
      case 'key-set':
        void this.#setKey(running, message.id, message.name, message.value)
        return
    }
  }

  async #setKey(running: Running<Port>, id: number, name: string, value: string | null): Promise<void> {
    let failed = false
    try {
      await this.#options.keys.set(name, value)
    } catch (error) {
      failed = true
      this.#report('key_not_kept', { code: (error as NodeJS.ErrnoException).code ?? 'unknown' })
    }
    if (running === this.#running) running.child.postMessage({ type: 'key', id, value, ...(failed ? { failed } : {}) })
  }

  #beat(running: Running<Port>): void {
    const verdict = running.heartbeat?.tick(performance.now()) ?? 'alive'
    if (verdict !== 'alive') {
      this.#kill(running, verdict)
      return
    }
    this.#ping(running)
  }

  #ping(running: Running<Port>, answered?: (alive: boolean) => void): void {
    this.#sequence += 1
    if (answered) running.pings.set(this.#sequence, answered)
    running.child.postMessage({ type: 'ping', sequence: this.#sequence })
  }

  #kill(running: Running<Port>, reason: string): void {
    this.#report('backend_killed', { reason })
    running.child.kill()
  }

  #exited(running: Running<Port>, code: number): void {
    clearTimeout(running.startTimer)
    clearInterval(running.heartbeatTimer)
    if (running !== this.#running) return
    this.#running = null
    // Whoever waits for an answer goes on after this turn, and then finds the state that follows.
    for (const answered of running.pings.values()) answered(false)
    if (this.#stopping) return
    const uptimeMs = performance.now() - running.startedAt
    this.#report('backend_ended', { code, uptimeMs: Math.round(uptimeMs) })
    if (running.refusal === 'folder_in_use' || running.refusal === 'folder_newer') {
      this.#change(running.refusal)
      return
    }
    const diskFailed = code === diskFailureExitCode || running.refusal === 'disk_failed'
    const delay = (diskFailed ? this.#options.diskFailureDelay : this.#options.restartDelay).next(uptimeMs)
    this.#change(diskFailed ? 'disk_failed' : 'starting')
    this.#restartTimer = setTimeout(() => this.#fork(), delay)
  }

  #change(state: BackendState): void {
    if (state === this.#state || finalStates.includes(this.#state)) return
    this.#state = state
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const resume of waiting) resume()
    this.#options.onState(state)
  }

  #report(event: string, details: Record<string, number | string>): void {
    this.#options.onEvent?.(event, details)
  }
}
