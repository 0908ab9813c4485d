import { once } from 'node:events'
import type { ChildProcess } from 'node:child_process'

/** Ends processes at once; those that are gone already are passed over. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

/** Resolves when the process has ended, with its exit code; null when a signal ended it. */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

/** Sends the signal and waits; by force when the process has not ended after the limit, in ms. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals, limitMs = 15_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
  await ended(child)
  clearTimeout(timer)
}
