/**
 * One process for one data folder. Two PGlite processes on a folder both acknowledge rows and lose some of them, so the lock is one that the
 * operating system holds and drops by itself when the process dies: an abstract socket on Linux, a named pipe on Windows, an exclusively
 * opened file (O_EXLOCK) on macOS.
 */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'

/** Another process has this folder. */
export class FolderInUseError extends Error {
  constructor() {
    super('another CareChat has this data folder open')
    this.name = 'FolderInUseError'
  }
}

export interface FolderLock {
  release(): Promise<void>
}

/** O_EXLOCK | O_NONBLOCK of BSD's <fcntl.h>; Node names neither on macOS. */
const exclusiveLockFlags = 0x20 | 0x4

function lockByFile(folder: string): FolderLock {
  let descriptor: number
  try {
    descriptor = fs.openSync(path.join(folder, 'lock'), fs.constants.O_RDWR | fs.constants.O_CREAT | exclusiveLockFlags, 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') throw new FolderInUseError()
    throw error
  }
  return { release: async () => fs.closeSync(descriptor) }
}

async function lockByName(folder: string): Promise<FolderLock> {
  // Device and inode name the folder itself, whichever path leads to it; Windows has no stable inode before the path is normalised.
  const { dev, ino } = fs.statSync(folder, { bigint: true })
  const identity = process.platform === 'win32' ? fs.realpathSync.native(folder).toLowerCase() : `${dev}:${ino}`
  const name = `carechat-${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`
  const server = net.createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? new FolderInUseError() : error))
    server.listen(process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : `\0${name}`, resolve)
  })
  server.unref()
  return { release: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** Takes the folder for this process. Throws FolderInUseError when another one has it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  return process.platform === 'darwin' ? lockByFile(folder) : lockByName(folder)
}
