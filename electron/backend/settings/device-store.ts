/** Settings of the device as values by key, durable; domains keep what they need under a key of their own. */
export interface DeviceStore {
  /** The value of this key, or null. The reader validates its shape. */
  read(key: string): Promise<unknown>
  /** Keeps a JSON value durably. */
  write(key: string, value: unknown): Promise<void>
}
