/** Tells a recording's format by its first bytes. */
import type { AudioFormat } from '../../../../shared/contract/voice.js'

const ascii = (bytes: Uint8Array, start: number, length: number): string => String.fromCharCode(...bytes.subarray(start, start + length))

/** Brands of ISO media files that are pictures or QuickTime films. */
const foreignBrands = /^(qt {2}|heic|heix|hevc|mif1|msf1|avif|avis|crx |jp2 |jpx )$/
/** How far into a Matroska file its type is looked for, in bytes. */
const ebmlHeader = 256

/** The format, or null when it is none of those that are taken. */
export function sniffAudioFormat(bytes: Uint8Array): AudioFormat | null {
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WAVE') return 'wav'
  if (ascii(bytes, 0, 4) === 'fLaC') return 'flac'
  if (ascii(bytes, 0, 4) === 'OggS') return 'ogg'
  if (ascii(bytes, 4, 4) === 'ftyp') return foreignBrands.test(ascii(bytes, 8, 4)) ? null : 'm4a'
  // Matroska has the same first bytes; its document type follows.
  if (bytes[0] === 0x1a && bytes[1] === 0x45 && bytes[2] === 0xdf && bytes[3] === 0xa3) return ascii(bytes, 0, ebmlHeader).includes('webm') ? 'webm' : null
  if (ascii(bytes, 0, 3) === 'ID3') return 'mp3'
  return isMpegFrame(bytes) ? 'mp3' : null
}

/** The header of an MPEG audio frame of layer III: sync, a version, a bit rate and a sampling rate that exist. Layer 0 would be AAC. */
function isMpegFrame([first = 0, second = 0, third = 0]: Uint8Array): boolean {
  const synchronised = first === 0xff && (second & 0xe0) === 0xe0
  const reservedVersion = (second & 0x18) === 0x08
  const layerThree = (second & 0x06) === 0x02
  const badRate = (third & 0xf0) === 0xf0 || (third & 0x0c) === 0x0c
  return synchronised && !reservedVersion && layerThree && !badRate
}
