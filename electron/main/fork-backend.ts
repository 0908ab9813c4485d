import { utilityProcess, type MessagePortMain } from 'electron'
import type { BackendMessage } from '../backend/process-messages.js'
import type { BackendChild } from './backend-host.js'

/** Starts the backend's entry in a utility process of its own. */
export function forkBackend(entry: string): BackendChild<MessagePortMain> {
  const child = utilityProcess.fork(entry, [], { serviceName: 'CareChat backend', stdio: 'inherit' })
  return {
    postMessage: (message, ports) => child.postMessage(message, ports),
    onMessage: (listener) => void child.on('message', (message: BackendMessage) => listener(message)),
    onExit: (listener) => void child.once('exit', listener),
    kill: () => {
      // `child.kill()` asks first; a thread that spins does not hear that.
      if (child.pid === undefined || process.platform === 'win32') child.kill()
      else process.kill(child.pid, 'SIGKILL')
    },
  }
}
