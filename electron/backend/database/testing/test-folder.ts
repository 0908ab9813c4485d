/** Where tests keep their database folders: in memory where the system has room there, because each is a thousand files that are flushed one by one. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const memoryFolder = '/dev/shm'
/** Free space that several folders at once need at the most, bytes; containers often give much less. */
const neededBytes = 2 * 1024 ** 3

function parentFolder(): string {
  if (process.platform !== 'linux' || !fs.existsSync(memoryFolder)) return os.tmpdir()
  const { bavail, bsize } = fs.statfsSync(memoryFolder)
  return bavail * bsize >= neededBytes ? memoryFolder : os.tmpdir()
}

/** Makes an empty folder; the caller removes it. */
export function testFolder(name: string): string {
  return fs.mkdtempSync(path.join(parentFolder(), `carechat-${name}-`))
}
