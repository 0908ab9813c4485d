/**
 * The folder whose documents are taken in for the ward by themselves: what is new or changed comes in, what is gone goes. The system's notices
 * only hasten a look; what decides is what each look finds, so that a lost notice or a network drive costs a minute at most.
 */
import fs from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { maximumDocumentBytes, type WatchedFolder } from '../../../shared/contract/documents.js'
import { ContractError, type ErrorCode } from '../../../shared/contract/errors.js'
import type { Logger } from '../logging/logger.js'
import type { DocumentsService } from './documents-service.js'
import type { UploadRow } from './tables.js'
import type { UploadsStore } from './uploads-store.js'

export interface WatchFolderParts {
  documents: Pick<DocumentsService, 'takeIn' | 'erase'>
  uploads: Pick<UploadsStore, 'watched' | 'touch'>
  logger: Logger
  /** For so long a file's size and time must stay the same before it is read, ms. */
  settleMs?: number
  /** Time between two looks without any notice, ms. */
  lookEveryMs?: number
}

interface FoundFile {
  path: string
  /** Name below the folder, with slashes. */
  name: string
  size: number
  modifiedMs: number
}

/** What came of a file that is no document of its own, as long as it stays as it is. */
type Outcome = { size: number; modifiedMs: number } & ({ problem: ErrorCode } | { duplicate: true })

const defaults = { settleMs: 2000, lookEveryMs: 60_000 }
const noticeDelayMs = 300
const maximumDepth = 6
const maximumFiles = 5000
/** Files that programs and systems put down for a while or for themselves. */
const notDocuments = /^(?:\.|~\$|~|\$)|^(?:thumbs\.db|desktop\.ini|ehthumbs\.db)$|(?:~|\.(?:tmp|temp|part|partial|crdownload|download|swp|swx|lock|bak|!ut))$/i
/** Nobody's window asked for these: a text whose words do not tell is taken for French. */
const fallback = 'fr'

export class WatchFolder {
  readonly #parts: Required<WatchFolderParts>
  #folder = ''
  #state: WatchedFolder['state'] = 'off'
  #watcher: fs.FSWatcher | null = null
  #interval: NodeJS.Timeout | undefined
  #next: NodeJS.Timeout | undefined
  #looking: Promise<void> | null = null
  #again = false
  #closed = false
  /** When each unsettled file was first seen as it is now. */
  readonly #unsettled = new Map<string, FoundFile & { since: number }>()
  readonly #outcomes = new Map<string, Outcome & { name: string }>()

  constructor(parts: WatchFolderParts) {
    this.#parts = { ...defaults, ...parts }
  }

  /** Watches this folder from now on; an empty path ends watching. What came from another folder stays. */
  setFolder(folder: string): void {
    if (folder === this.#folder || this.#closed) return
    this.#stop()
    this.#folder = folder
    this.#state = folder === '' ? 'off' : 'watching'
    if (folder === '') return
    this.#interval = setInterval(() => this.#lookSoon(0), this.#parts.lookEveryMs)
    this.#interval.unref()
    this.#lookSoon(0)
  }

  /** The folder's state and the files that could not be taken in. */
  describe(): WatchedFolder {
    const problems = [...this.#outcomes.values()].flatMap((outcome) => ('problem' in outcome ? [{ file_name: outcome.name, code: outcome.problem }] : []))
    return { state: this.#state, problems: problems.sort((one, other) => one.file_name.localeCompare(other.file_name)) }
  }

  /** Looks now; resolves when what was found is taken in. */
  async look(): Promise<void> {
    if (this.#looking) {
      this.#again = true
      return this.#looking
    }
    this.#looking = this.#lookUntilQuiet().finally(() => (this.#looking = null))
    return this.#looking
  }

  /** Ends watching; resolves when nothing is being taken in any more. `DocumentsService.close` ends what is. */
  async close(): Promise<void> {
    this.#closed = true
    this.#stop()
    await this.#looking
  }

  #stop(): void {
    clearInterval(this.#interval)
    clearTimeout(this.#next)
    this.#next = undefined
    this.#watcher?.close()
    this.#watcher = null
    this.#unsettled.clear()
    this.#outcomes.clear()
  }

  #lookSoon(delayMs: number): void {
    if (this.#next !== undefined || this.#closed) return
    this.#next = setTimeout(() => {
      this.#next = undefined
      void this.look()
    }, delayMs)
    this.#next.unref()
  }

  async #lookUntilQuiet(): Promise<void> {
    do {
      this.#again = false
      try {
        await this.#lookOnce()
      } catch (error) {
        if (!this.#closed) this.#parts.logger.error({ event: 'watch_folder_failed', err: error })
      }
    } while (this.#again && !this.#closed)
  }

  async #lookOnce(): Promise<void> {
    const folder = this.#folder
    if (folder === '' || this.#closed) return
    const found = path.isAbsolute(folder) ? await listFiles(folder) : null
    if (folder !== this.#folder) return
    this.#state = found ? 'watching' : 'missing'
    // A drive that is not there has not lost its documents.
    if (!found) return
    this.#listen(folder)
    const stored = (await this.#parts.uploads.watched()).filter((row) => isBelow(folder, row.watchPath))
    const byPath = new Map(stored.map((row) => [row.watchPath, row]))
    const paths = new Set(found.map((file) => file.path))
    for (const row of stored) if (!paths.has(row.watchPath)) await this.#forget(row.documentId)
    for (const known of [...this.#outcomes.keys(), ...this.#unsettled.keys()]) {
      if (paths.has(known)) continue
      this.#outcomes.delete(known)
      this.#unsettled.delete(known)
    }
    for (const file of found) {
      if (this.#closed || folder !== this.#folder) return
      const row = byPath.get(file.path)
      if (row?.sizeBytes === file.size && row.watchModifiedMs === Math.round(file.modifiedMs)) continue
      const outcome = this.#outcomes.get(file.path)
      if (outcome && isSame(outcome, file)) continue
      if (this.#isSettled(file)) await this.#takeIn(file, row ?? null)
    }
    if (this.#unsettled.size > 0) this.#lookSoon(this.#parts.settleMs)
  }

  /** A file that is still being copied grows from look to look. */
  #isSettled(file: FoundFile): boolean {
    const before = this.#unsettled.get(file.path)
    const now = performance.now()
    if (before && isSame(before, file) && now - before.since >= this.#parts.settleMs) {
      this.#unsettled.delete(file.path)
      return true
    }
    if (!before || !isSame(before, file)) this.#unsettled.set(file.path, { ...file, since: now })
    return false
  }

  /** `before` is the document that was made of the file as it was; what replaces it has the same readers. */
  async #takeIn(file: FoundFile, before: UploadRow | null): Promise<void> {
    const { size, modifiedMs, name } = file
    const replaces = before?.documentId ?? null
    const settle = (outcome: { problem: ErrorCode } | { duplicate: true }): void => void this.#outcomes.set(file.path, { size, modifiedMs, name, ...outcome })
    this.#outcomes.delete(file.path)
    if (size > maximumDocumentBytes) return settle({ problem: 'document_too_large' })
    try {
      const bytes = new Uint8Array(await readFile(file.path))
      const { documentId, duplicate } = await this.#parts.documents.takeIn(
        { fileName: path.basename(file.path), bytes, scope: { audience: before?.audience ?? 'ward', ownerId: before?.ownerId ?? null }, addedBy: null, fallback, watched: { path: file.path, modifiedMs, replaces } },
        { signal: new AbortController().signal },
      )
      if (!duplicate) return
      if (documentId === replaces) return await this.#parts.uploads.touch(documentId, Math.round(modifiedMs))
      if (replaces !== null) await this.#forget(replaces)
      settle({ duplicate: true })
    } catch (error) {
      if (this.#closed) return
      if (error instanceof ContractError) return settle({ problem: error.code })
      // Its name is a person's text and stays out of the log.
      this.#parts.logger.warn({ event: 'watched_file_failed', reason: (error as NodeJS.ErrnoException).code ?? 'unknown' })
      settle({ problem: 'document_unreadable' })
    }
  }

  /** Erases a document whose file is gone; another file of the same content may take its place. */
  async #forget(documentId: string): Promise<void> {
    await this.#parts.documents.erase(documentId)
    for (const [known, outcome] of this.#outcomes) if ('duplicate' in outcome) this.#outcomes.delete(known)
  }

  #listen(folder: string): void {
    if (this.#watcher) return
    try {
      this.#watcher = fs.watch(folder, { recursive: true }, () => this.#lookSoon(noticeDelayMs))
      this.#watcher.unref()
      this.#watcher.on('error', () => {
        this.#watcher?.close()
        this.#watcher = null
      })
    } catch {
      // Some network drives give no notices; the regular looks serve.
      this.#watcher = null
    }
  }
}

function isSame(one: { size: number; modifiedMs: number }, other: { size: number; modifiedMs: number }): boolean {
  return one.size === other.size && one.modifiedMs === other.modifiedMs
}

function isBelow(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
}

/** The files of a folder and those below it, or null when it cannot be read. Links are not followed. */
async function listFiles(folder: string, depth = 0, root = folder): Promise<FoundFile[] | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => null)
  if (!entries) return null
  const files: FoundFile[] = []
  for (const entry of entries) {
    if (files.length >= maximumFiles) break
    if (notDocuments.test(entry.name)) continue
    const full = path.join(folder, entry.name)
    if (entry.isDirectory() && depth < maximumDepth) files.push(...((await listFiles(full, depth + 1, root)) ?? []))
    if (!entry.isFile()) continue
    const stats = await lstat(full).catch(() => null)
    if (stats) files.push({ path: full, name: path.relative(root, full).split(path.sep).join('/'), size: stats.size, modifiedMs: stats.mtimeMs })
  }
  return files.slice(0, maximumFiles)
}
