/** Where secrets are kept: token keys, provider keys. The desktop keeps them with the system's key store, `serve` in a file of mode 0600. */
export interface KeyStore {
  /** `system`: sealed by the operating system; `file`: readable by this user only. Shown to the administrator. */
  readonly mode: 'system' | 'file'
  /** The secret of this name, or null. */
  get(name: string): Promise<string | null>
  /** Keeps a secret durably; null removes it. */
  set(name: string, value: string | null): Promise<void>
}
