/** Reads a WAV recording into what Whisper hears: one channel, 16,000 samples a second, each from -1 to 1. */
import { AudioFailure } from './audio-failure.js'

export const speechSampleRate = 16_000

const pcm = 1
const ieeeFloat = 3
const extensible = 0xfffe
const fewestRate = 4_000
const mostRate = 384_000

interface WaveFormat {
  encoding: number
  channels: number
  rate: number
  bits: number
}

/** The samples, mixed and resampled. Throws AudioFailure `audio_unreadable` for a broken file and for an encoding other than PCM and float. */
export function decodeWav(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let format: WaveFormat | null = null
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const name = view.getUint32(at)
    const size = view.getUint32(at + 4, true)
    const start = at + 8
    if (name === 0x666d7420) format = readFormat(view, start, size)
    else if (name === 0x64617461) {
      if (!format) break
      // A recorder that was cut leaves a size of 0 or of more than there is.
      const length = size === 0 || start + size > view.byteLength ? view.byteLength - start : size
      return resample(mix(view, start, length, format), format.rate)
    }
    // Chunks begin at even offsets.
    at = start + size + (size % 2)
  }
  throw new AudioFailure('audio_unreadable')
}

function readFormat(view: DataView, start: number, size: number): WaveFormat {
  if (size < 16 || start + size > view.byteLength) throw new AudioFailure('audio_unreadable')
  const tag = view.getUint16(start, true)
  const format = {
    // The extensible form has the true encoding in the first bytes of its identifier.
    encoding: tag === extensible && size >= 26 ? view.getUint16(start + 24, true) : tag,
    channels: view.getUint16(start + 2, true),
    rate: view.getUint32(start + 4, true),
    bits: view.getUint16(start + 14, true),
  }
  const bitsOf: Record<number, readonly number[]> = { [pcm]: [8, 16, 24, 32], [ieeeFloat]: [32, 64] }
  const known = bitsOf[format.encoding]?.includes(format.bits) === true
  if (!known || format.channels < 1 || format.channels > 8 || format.rate < fewestRate || format.rate > mostRate) throw new AudioFailure('audio_unreadable')
  return format
}

/** The mean of the channels. */
function mix(view: DataView, start: number, length: number, { encoding, channels, bits }: WaveFormat): Float32Array {
  const width = bits / 8
  const frames = Math.floor(length / (width * channels))
  const read = sampleReader(view, encoding, bits)
  const mono = new Float32Array(frames)
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += read(start + (frame * channels + channel) * width)
    mono[frame] = sum / channels
  }
  return mono
}

function sampleReader(view: DataView, encoding: number, bits: number): (at: number) => number {
  if (encoding === ieeeFloat) return bits === 64 ? (at) => finite(view.getFloat64(at, true)) : (at) => finite(view.getFloat32(at, true))
  switch (bits) {
    case 8:
      return (at) => (view.getUint8(at) - 128) / 128
    case 16:
      return (at) => view.getInt16(at, true) / 32_768
    case 24:
      return (at) => (view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getInt8(at + 2) << 16)) / 8_388_608
    default:
      return (at) => view.getInt32(at, true) / 2_147_483_648
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0
}

/**
 * To 16 kHz: each new sample is the mean of the old ones in its place (which also keeps most of what is too high for the new rate out of it), or lies
 * on the line between two. The window sends 16 kHz already, made by the browser's own resampler.
 */
function resample(samples: Float32Array, rate: number): Float32Array {
  if (rate === speechSampleRate) return samples
  const step = rate / speechSampleRate
  const result = new Float32Array(Math.floor(samples.length / step))
  for (let at = 0; at < result.length; at++) {
    const from = at * step
    if (step <= 1) {
      const before = Math.floor(from)
      const share = from - before
      result[at] = (samples[before] ?? 0) * (1 - share) + (samples[before + 1] ?? samples[before] ?? 0) * share
      continue
    }
    const first = Math.floor(from)
    const end = Math.min(samples.length, Math.ceil(from + step))
    let sum = 0
    for (let old = first; old < end; old++) sum += samples[old] ?? 0
    result[at] = sum / Math.max(1, end - first)
  }
  return result
}
