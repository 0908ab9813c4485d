/**
 * Looks into a zip archive before a reader unpacks it in memory: how many entries, how large they say they are, and whether the parts that
 * are read are no larger than that. A file of 42 kB can unpack to 4.5 PB.
 */
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { DocumentFailure } from './document-failure.js'

const maximumEntries = 10_000
/** Of all entries together, pictures included, bytes. */
const maximumUnpackedBytes = 500 * 1024 * 1024
/** Of the parts that are read as text, bytes. */
const maximumTextBytes = 60 * 1024 * 1024
/** XML packs to a tenth or a twentieth; Word's emptiest files come near to a hundredth. */
const maximumRatio = 250
/** Below this an archive may pack as well as it likes, bytes. */
const harmlessBytes = 5 * 1024 * 1024
/** Bit 0 of the general purpose flags: the entry is encrypted (APPNOTE.TXT, 4.4.4). */
const encryptedFlag = 1

/** Names of the entries. `isRead` tells which are read as text: these are unpacked and counted. Throws DocumentFailure. */
export async function inspectArchive(bytes: Uint8Array, isRead: (name: string) => boolean): Promise<Set<string>> {
  const zip = await openArchive(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  try {
    if (zip.entryCount > maximumEntries) throw new DocumentFailure('document_too_complex')
    const entries = await readEntries(zip)
    const unpacked = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
    if (unpacked > maximumUnpackedBytes) throw new DocumentFailure('document_too_complex')
    const read = entries.filter((entry) => isRead(entry.fileName))
    let text = 0
    for (const entry of read) {
      if ((entry.generalPurposeBitFlag & encryptedFlag) !== 0) throw new DocumentFailure('document_encrypted')
      text += entry.uncompressedSize
      const packsTooWell = entry.uncompressedSize > harmlessBytes && entry.uncompressedSize > entry.compressedSize * maximumRatio
      if (packsTooWell || text > maximumTextBytes) throw new DocumentFailure('document_too_complex')
    }
    // The directory may lie; what it says is compared with what comes out.
    for (const entry of read) await assertSize(zip, entry)
    return new Set(entries.map((entry) => entry.fileName))
  } finally {
    zip.close()
  }
}

function openArchive(buffer: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(buffer, { lazyEntries: true, validateEntrySizes: true }, (error, zip) => {
      if (error) reject(new DocumentFailure('document_unreadable', error))
      else resolve(zip)
    })
  })
}

function readEntries(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = []
    zip.on('entry', (entry) => {
      entries.push(entry)
      zip.readEntry()
    })
    zip.on('end', () => resolve(entries))
    zip.on('error', (error) => reject(new DocumentFailure('document_unreadable', error)))
    zip.readEntry()
  })
}

function assertSize(zip: ZipFile, entry: Entry): Promise<void> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) {
        reject(new DocumentFailure('document_unreadable', error))
        return
      }
      stream.on('error', (cause) => reject(new DocumentFailure(/too many bytes/.test(cause.message) ? 'document_too_complex' : 'document_unreadable', cause)))
      stream.on('end', resolve)
      stream.resume()
    })
  })
}
