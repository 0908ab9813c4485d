declare module 'yauzl' {
  import type { Readable } from 'node:stream'

  export interface Entry {
    fileName: string
    compressedSize: number
    uncompressedSize: number
    generalPurposeBitFlag: number
  }
  export interface ZipFile {
    readonly entryCount: number
    readEntry(): void
    openReadStream(entry: Entry, callback: (error: Error | null, stream: Readable) => void): void
    close(): void
    on(event: 'entry', listener: (entry: Entry) => void): this
    on(event: 'end', listener: () => void): this
    on(event: 'error', listener: (error: Error) => void): this
  }
  const yauzl: {
    fromBuffer(buffer: Buffer, options: { lazyEntries: boolean; validateEntrySizes: boolean }, callback: (error: Error | null, zip: ZipFile) => void): void
  }
  export default yauzl
}
