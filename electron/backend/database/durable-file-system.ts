/**
 * PGlite's Node file system made durable. PGlite itself never reaches the disk: its NODEFS has no fsync operation and its start
 * parameters switch fsync off. This subclass gives NODEFS a real fsync, flushes folder entries after every change to them, and treats the
 * first failed write or flush as the end: Postgres in WASM would otherwise acknowledge the row and then spin for ever.
 * It patches internals of @electric-sql/pglite, whose version is therefore pinned; disk-failure.test.ts counts that the flushes happen.
 */
import path from 'node:path'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { realDisk, type Disk } from './disk.js'

interface NodefsNode {
  parent: NodefsNode
}
interface NodefsStream {
  nfd?: number
  node: NodefsNode
}
/** The parts of Emscripten's NODEFS that are patched. */
interface Nodefs {
  realPath(node: NodefsNode): string
  node_ops: Record<'mknod' | 'rename' | 'unlink' | 'rmdir' | 'symlink' | 'setattr', (...parameters: never[]) => unknown>
  stream_ops: Record<'setattr', (...parameters: never[]) => unknown> & {
    write(stream: NodefsStream, heap: Int8Array, offset: number, length: number, position: number): number
    fsync?(stream: NodefsStream): number
  }
}

export interface DiskFailure {
  operation: string
  /** The system's error code, e.g. ENOSPC or EIO. */
  code: string
}

export interface DurableFileSystemOptions {
  disk?: Disk
  /** Called at the first failed write or flush; must end the process and never return. */
  onFailure: (failure: DiskFailure) => never
}

/** Start parameters of Postgres with fsync on, a small cache and a bounded WAL. */
export function durableStartParameters(defaults: readonly string[]): string[] {
  return [
    ...defaults.filter((parameter) => parameter !== '-F'),
    '-c', 'wal_sync_method=fsync',
    '-c', 'full_page_writes=on',
    '-c', 'synchronous_commit=on',
    '-c', 'shared_buffers=16MB',
    '-c', 'max_wal_size=64MB',
    '-c', 'min_wal_size=32MB',
  ]
}

export class DurableFileSystem extends NodeFS {
  readonly #disk: Disk
  readonly #onFailure: (failure: DiskFailure) => never

  constructor(folder: string, options: DurableFileSystemOptions) {
    super(folder)
    this.#disk = options.disk ?? realDisk
    this.#onFailure = options.onFailure
  }

  override async init(...parameters: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...parameters)
    const patch = (module: unknown): void => this.#patch((module as { NODEFS: Nodefs }).NODEFS)
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [patch, ...(emscriptenOpts.preRun ?? [])] } }
  }

  #guard<Result>(operation: string, run: () => Result): Result {
    try {
      return run()
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'UNKNOWN'
      return this.#onFailure({ operation, code })
    }
  }

  #patch(nodefs: Nodefs): void {
    const disk = this.#disk
    nodefs.stream_ops.write = (stream, heap, offset, length, position) =>
      this.#guard('write', () => {
        const bytes = new Uint8Array(heap.buffer, heap.byteOffset + offset, length)
        let written = 0
        while (written < length) {
          const count = disk.write(stream.nfd ?? -1, bytes.subarray(written), position + written)
          if (count === 0) throw Object.assign(new Error('the disk took no bytes'), { code: 'ENOSPC' })
          written += count
        }
        return written
      })
    nodefs.stream_ops.fsync = (stream) => {
      this.#guard('fsync', () => {
        // A folder is opened without a descriptor of its own.
        if (stream.nfd === undefined) disk.syncFolder(nodefs.realPath(stream.node))
        else disk.syncFile(stream.nfd)
      })
      return 0
    }
    // Truncation is a write too: a table that could not be cut must not be believed cut. Other failures are Postgres's to report.
    const fatal = new Set(['EIO', 'ENOSPC', 'EROFS', 'EDQUOT'])
    const endOnDiskError = <Result>(operation: string, run: () => Result): Result => {
      try {
        return run()
      } catch (error) {
        const code = this.#systemCode(error)
        if (fatal.has(code)) return this.#onFailure({ operation, code })
        throw error
      }
    }
    const wrap = <Key extends 'mknod' | 'rename' | 'unlink' | 'rmdir' | 'symlink'>(key: Key, foldersOf: (...parameters: never[]) => string[]): void => {
      const original = nodefs.node_ops[key]
      nodefs.node_ops[key] = (...parameters: never[]) => {
        // The paths are read before the operation: a rename changes the node's name.
        const folders = foldersOf(...parameters)
        const result = endOnDiskError(key, () => original(...parameters))
        this.#guard(`fsync after ${key}`, () => {
          for (const folder of new Set(folders)) disk.syncFolder(folder)
        })
        return result
      }
    }
    const parentOnly = (parent: NodefsNode): string[] => [nodefs.realPath(parent)]
    wrap('mknod', parentOnly)
    wrap('unlink', parentOnly)
    wrap('rmdir', parentOnly)
    wrap('symlink', parentOnly)
    wrap('rename', (node: NodefsNode, newParent: NodefsNode) => [path.dirname(nodefs.realPath(node)), nodefs.realPath(newParent)])
    const setattr = nodefs.node_ops.setattr
    nodefs.node_ops.setattr = (...parameters: never[]) => endOnDiskError('setattr', () => setattr(...parameters))
    const streamSetattr = nodefs.stream_ops.setattr
    nodefs.stream_ops.setattr = (...parameters: never[]) => endOnDiskError('setattr', () => streamSetattr(...parameters))
  }

  /** Emscripten wraps system errors as ErrnoError with WASI numbers; the codes that end the process are named again. */
  #systemCode(error: unknown): string {
    const { code, errno } = error as { code?: string; errno?: number }
    if (code) return code
    // WASI errno: EIO 29, ENOSPC 51, EROFS 69, EDQUOT 19 (wasi_snapshot_preview1 `errno`).
    return { 29: 'EIO', 51: 'ENOSPC', 69: 'EROFS', 19: 'EDQUOT' }[errno ?? 0] ?? 'OTHER'
  }
}
