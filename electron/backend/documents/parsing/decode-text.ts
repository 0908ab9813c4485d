/** The characters of a text file: by its byte order mark, by what it says of itself, or by what its bytes look like. */
import { analyse } from 'chardet'
import iconv from 'iconv-lite'

/** Below this certainty the encoding of Western European Windows is taken, in which every byte is a letter. */
const leastConfidence = 30
const fallback = 'windows-1252'

/** Decodes; `declared` is an encoding that the content names, such as a page's charset. */
export function decodeText(bytes: Uint8Array, declared: string | null = null): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return iconv.decode(buffer, encodingOf(buffer, declared))
}

function encodingOf(buffer: Buffer, declared: string | null): string {
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return 'utf-16le'
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return 'utf-16be'
  // What decodes as UTF-8 without a fault is UTF-8: no other text with accents does by chance.
  if (isUtf8(buffer)) return 'utf-8'
  if (declared !== null && iconv.encodingExists(declared) && !/^utf-?8$/i.test(declared)) return declared
  const best = analyse(buffer.subarray(0, 256 * 1024)).find(({ name }) => iconv.encodingExists(name))
  // Single-byte guesses for other alphabets come up for short Western texts; only a sure one counts.
  return best && best.confidence >= leastConfidence && !/^utf-?8$/i.test(best.name) && !/^iso-8859-1$/i.test(best.name) ? best.name : fallback
}

function isUtf8(buffer: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(buffer)
    return true
  } catch {
    // The decoder has no other way to say no.
    return false
  }
}
