/** Entry of the password thread: bcrypt at cost 12 takes some hundred milliseconds of pure computing, which no other call should wait for. */
import { parentPort } from 'node:worker_threads'
import bcrypt from 'bcryptjs'

export type PasswordRequest = { id: number; type: 'hash'; password: string; cost: number } | { id: number; type: 'compare'; password: string; hash: string }
export type PasswordReply = { id: number; hash: string } | { id: number; matches: boolean } | { id: number; failed: true }

parentPort?.on('message', (request: PasswordRequest) => {
  const reply = (message: PasswordReply): void => parentPort?.postMessage(message)
  try {
    if (request.type === 'hash') reply({ id: request.id, hash: bcrypt.hashSync(request.password, request.cost) })
    else reply({ id: request.id, matches: bcrypt.compareSync(request.password, request.hash) })
  } catch {
    // The error's text could hold the password; the caller knows what it asked.
    reply({ id: request.id, failed: true })
  }
})
