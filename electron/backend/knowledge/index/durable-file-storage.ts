/**
 * Vectra's file storage with writes that a kill or a power cut cannot tear: temporary file, fsync, rename, fsync of the folder.
 * A reader sees the old file or the new one, never a part.
 */
import { randomUUID } from 'node:crypto'
import { open, mkdir, readdir, readFile, rename, rm, stat, link } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { FileDetails, FileStorage, ListFilesFilter } from 'vectra'

const temporaryMark = '.writing-'

export class DurableFileStorage implements FileStorage {
  async createFile(filePath: string, content: Buffer | string): Promise<void> {
    const temporary = await writeTemporary(filePath, content)
    try {
      // A link fails where the file exists, and is as atomic as a rename.
      await link(temporary, filePath)
      await syncFolder(dirname(filePath))
    } finally {
      await rm(temporary, { force: true })
    }
  }

  async upsertFile(filePath: string, content: Buffer | string): Promise<void> {
    const temporary = await writeTemporary(filePath, content)
    try {
      await rename(temporary, filePath)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
    await syncFolder(dirname(filePath))
  }

  async createFolder(folderPath: string): Promise<void> {
    await mkdir(folderPath, { recursive: true })
    await syncFolder(dirname(folderPath))
  }

  async deleteFile(filePath: string): Promise<void> {
    await rm(filePath, { force: true })
    await syncFolder(dirname(filePath))
  }

  async deleteFolder(folderPath: string): Promise<void> {
    await rm(folderPath, { recursive: true, force: true })
    await syncFolder(dirname(folderPath))
  }

  async getDetails(fileOrFolderPath: string): Promise<FileDetails> {
    const details = await stat(fileOrFolderPath)
    return { name: basename(fileOrFolderPath), path: fileOrFolderPath, isFolder: details.isDirectory() }
  }

  async listFiles(folderPath: string, filter: ListFilesFilter = 'all'): Promise<FileDetails[]> {
    const entries = await readdir(folderPath, { withFileTypes: true })
    return entries
      .filter((entry) => !entry.name.includes(temporaryMark) && (filter === 'all' || entry.isDirectory() === (filter === 'folders')))
      .map((entry) => ({ name: entry.name, path: join(folderPath, entry.name), isFolder: entry.isDirectory() }))
  }

  async pathExists(fileOrFolderPath: string): Promise<boolean> {
    return stat(fileOrFolderPath).then(
      () => true,
      () => false,
    )
  }

  async readFile(filePath: string): Promise<Buffer> {
    return readFile(filePath)
  }

  /** Removes what writes that were cut off have left in a folder. */
  async sweepTemporaryFiles(folderPath: string): Promise<void> {
    if (!(await this.pathExists(folderPath))) return
    for (const name of await readdir(folderPath)) {
      if (name.includes(temporaryMark)) await rm(join(folderPath, name), { force: true })
    }
  }
}

async function writeTemporary(filePath: string, content: Buffer | string): Promise<string> {
  const temporary = `${filePath}${temporaryMark}${randomUUID()}`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    await file.close()
  }
  return temporary
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; NTFS journals its directory entries.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
