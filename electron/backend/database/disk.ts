/**
 * The file operations that decide whether a row survives a power cut, in one small interface:
 * the real disk in the product, a failing or a power-cut double in tests.
 */
import fs from 'node:fs'

export interface Disk {
  /** Writes at an absolute position, or at the file's own position when it is null; may write less than asked. */
  write(descriptor: number, bytes: Uint8Array, position: number | null): number
  /** Flushes a file to the medium. */
  syncFile(descriptor: number): void
  /** Flushes a folder's entries to the medium; does nothing where folders cannot be flushed (Windows). */
  syncFolder(path: string): void
}

/** The disk as the operating system gives it. */
export const realDisk: Disk = {
  write: (descriptor, bytes, position) => fs.writeSync(descriptor, bytes, 0, bytes.length, position),
  syncFile: (descriptor) => fs.fsyncSync(descriptor),
  syncFolder: (path) => {
    if (process.platform === 'win32') return
    const descriptor = fs.openSync(path, fs.constants.O_RDONLY)
    try {
      fs.fsyncSync(descriptor)
    } finally {
      fs.closeSync(descriptor)
    }
  },
}
