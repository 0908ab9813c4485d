/** Messages between the Electron shell and the backend process. The shell forks the process, sends `start` first, and waits for `ready`. */

export interface BackendOptions {
  /** Folder of everything that is kept: database, index, locks. */
  dataFolder: string
  /** The project's (or package's) root, holding `data/`, `resources/` and `dist/`. */
  resourcesFolder: string
  version: string
  mode: 'desktop' | 'serve'
  kiosk: boolean
  /** How secrets are kept by the host. */
  keyStoreMode: 'system' | 'file'
}

export type ShellMessage =
  | { type: 'start'; options: BackendOptions }
  /** Carries a MessagePort bound to one frame of one window. */
  | { type: 'connect'; connectionId: number }
  | { type: 'disconnect'; connectionId: number }
  | { type: 'ping'; sequence: number }
  /** Answer to `key-get` or `key-set`. */
  | { type: 'key'; id: number; value: string | null; failed?: boolean }
  | { type: 'shut-down' }

export type BackendMessage =
  | { type: 'ready' }
  /** The backend cannot start on this folder; it exits after this. */
  | { type: 'refused'; reason: 'folder_in_use' | 'folder_newer' | 'disk_failed' | 'unexpected' }
  | { type: 'pong'; sequence: number; /** Milliseconds that the database thread has spent in the statement it is in; 0 when idle. */ databaseBusyMs: number }
  | { type: 'key-get'; id: number; name: string }
  | { type: 'key-set'; id: number; name: string; value: string | null }

/** Exit code of a backend whose disk refused a write or an fsync (EX_IOERR of sysexits). */
export const diskFailureExitCode = 74
