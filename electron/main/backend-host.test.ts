import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BackendMessage, BackendOptions, ShellMessage } from '../backend/process-messages.js'
import { BackendHost, type BackendChild, type BackendState } from './backend-host.js'

/** A backend whose every move the test makes. */
class FakeChild implements BackendChild<string> {
  readonly sent: ShellMessage[] = []
  readonly ports: string[] = []
  killed = false
  answersPings = true
  databaseBusyMs = 0
  #onMessage: (message: BackendMessage) => void = () => undefined
  #onExit: ((code: number) => void)[] = []

  postMessage(message: ShellMessage, ports: string[] = []): void {
    this.sent.push(message)
    this.ports.push(...ports)
    if (message.type === 'ping' && this.answersPings) queueMicrotask(() => this.say({ type: 'pong', sequence: message.sequence, databaseBusyMs: this.databaseBusyMs }))
    if (message.type === 'shut-down' && this.answersPings) queueMicrotask(() => this.exit(0))
  }
  onMessage(listener: (message: BackendMessage) => void): void {
    this.#onMessage = listener
  }
  onExit(listener: (code: number) => void): void {
    this.#onExit.push(listener)
  }
  kill(): void {
    this.killed = true
    queueMicrotask(() => this.exit(9))
  }
  say(message: BackendMessage): void {
    this.#onMessage(message)
  }
  exit(code: number): void {
    const listeners = this.#onExit.splice(0)
    for (const listener of listeners) listener(code)
  }
}

const start: BackendOptions = { dataFolder: '/data', resourcesFolder: '/resources', version: '1', mode: 'desktop', kiosk: false, keyStoreMode: 'file' }
let children: FakeChild[]
let states: BackendState[]
let secrets: Map<string, string>
let host: BackendHost<string>

const newest = (): FakeChild => {
  const child = children.at(-1)
  if (!child) throw new Error('nothing was forked')
  return child
}

beforeEach(() => {
  vi.useFakeTimers()
  children = []
  states = []
  secrets = new Map([['token', 'kept']])
  host = new BackendHost<string>({
    fork: () => {
      children.push(new FakeChild())
      return newest()
    },
    start,
    keys: {
      get: (name) => secrets.get(name) ?? null,
      set: async (name, value) => {
        if (name === 'full') throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
        secrets.set(name, value ?? '')
      },
    },
    onState: (state) => states.push(state),
  })
  host.start()
})
afterEach(() => vi.useRealTimers())

describe('BackendHost', () => {
  it('starts the backend with its options and hands it ports once it is ready', async () => {
    expect(newest().sent).toEqual([{ type: 'start', options: start }])
    expect(host.connect(1, 'port 1')).toBe(false)
    const answered = host.answers()
    newest().say({ type: 'ready' })
    expect(await answered).toBe('ready')
    expect(host.connect(2, 'port 2')).toBe(true)
    host.disconnect(2)
    expect(newest().ports).toEqual(['port 2'])
    expect(newest().sent.slice(-2)).toEqual([{ type: 'connect', connectionId: 2 }, { type: 'disconnect', connectionId: 2 }])
  })

  it('starts it again when it dies, later each time', async () => {
    for (const delay of [250, 500, 1_000]) {
      newest().say({ type: 'ready' })
      newest().exit(1)
      expect(host.state).toBe('starting')
      const before = children.length
      await vi.advanceTimersByTimeAsync(delay - 1)
      expect(children).toHaveLength(before)
      await vi.advanceTimersByTimeAsync(1)
      expect(children).toHaveLength(before + 1)
    }
  })

  it('does not call a backend ready that died before it could answer', async () => {
    newest().say({ type: 'ready' })
    newest().answersPings = false
    const answered = host.answers()
    await vi.advanceTimersByTimeAsync(0)
    newest().exit(1)
    await vi.advanceTimersByTimeAsync(250)
    newest().say({ type: 'ready' })
    expect(await answered).toBe('ready')
    expect(children).toHaveLength(2)
  })

  it('kills a backend that spins, and one whose database is stuck in a statement', async () => {
    newest().say({ type: 'ready' })
    newest().answersPings = false
    await vi.advanceTimersByTimeAsync(10_000)
    expect(children[0]?.killed).toBe(true)
    await vi.advanceTimersByTimeAsync(250)
    newest().say({ type: 'ready' })
    newest().databaseBusyMs = 60_000
    await vi.advanceTimersByTimeAsync(4_000)
    expect(children[1]?.killed).toBe(true)
  })

  it('kills one that never becomes ready', async () => {
    await vi.advanceTimersByTimeAsync(120_000)
    expect(children[0]?.killed).toBe(true)
  })

  it('names the disk when it failed, and waits longer', async () => {
    newest().say({ type: 'ready' })
    newest().exit(74)
    expect(host.state).toBe('disk_failed')
    expect(await host.answers()).toBe('disk_failed')
    await vi.advanceTimersByTimeAsync(4_999)
    expect(children).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    newest().say({ type: 'ready' })
    expect(states).toEqual(['ready', 'disk_failed', 'ready'])
  })

  it.each(['folder_in_use', 'folder_newer'] as const)('does not start again after %s', async (reason) => {
    newest().say({ type: 'refused', reason })
    newest().exit(1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(children).toHaveLength(1)
    expect(states).toEqual([reason])
    expect(await host.answers()).toBe(reason)
  })

  it('answers for keys, and says when one could not be kept', async () => {
    newest().say({ type: 'key-get', id: 1, name: 'token' })
    newest().say({ type: 'key-get', id: 2, name: 'missing' })
    newest().say({ type: 'key-set', id: 3, name: 'new', value: 'v' })
    newest().say({ type: 'key-set', id: 4, name: 'full', value: 'v' })
    await vi.advanceTimersByTimeAsync(0)
    expect(newest().sent.slice(1)).toEqual([
      { type: 'key', id: 1, value: 'kept' },
      { type: 'key', id: 2, value: null },
      { type: 'key', id: 3, value: 'v' },
      { type: 'key', id: 4, value: 'v', failed: true },
    ])
  })

  it('ends in order, by force where it has to, and never starts again', async () => {
    newest().say({ type: 'ready' })
    newest().answersPings = false
    const stopped = host.stop()
    expect(newest().sent.at(-1)).toEqual({ type: 'shut-down' })
    await vi.advanceTimersByTimeAsync(4_999)
    expect(newest().killed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await stopped
    await vi.advanceTimersByTimeAsync(60_000)
    expect([children.length, host.state]).toEqual([1, 'stopped'])
  })

  it('ignores what a process says after it was replaced', async () => {
    const [old] = children
    old?.exit(1)
    await vi.advanceTimersByTimeAsync(250)
    old?.say({ type: 'ready' })
    expect(host.state).toBe('starting')
  })
})
