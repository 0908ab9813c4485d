/** Turns any recording that this browser can decode into what speech recognition hears: one channel, 16 kHz, 16 bits, as WAV. */
import { ContractError } from '../../../shared/contract/errors.js'
import { maximumAudioBytes, maximumAudioSeconds, minimumAudioSeconds } from '../../../shared/contract/voice.js'

const sampleRate = 16_000
/** Loudness (root mean square) of the loudest twentieth of a second below which nothing was said; as in the backend. */
const silence = 0.002

/**
 * What is sent of a recording. With `asWav` always WAV, which the model on this device needs; otherwise the smaller of the two, for a thin network.
 * What this browser cannot decode goes as it is. Throws ContractError `audio_empty`, `audio_too_large`, `audio_too_short`, `audio_too_long` or
 * `audio_without_speech`.
 */
export async function prepareRecording(recording: Blob, { asWav }: { asWav: boolean }): Promise<Uint8Array> {
  if (recording.size === 0) throw new ContractError('audio_empty')
  if (recording.size > maximumAudioBytes) throw new ContractError('audio_too_large')
  const bytes = await recording.arrayBuffer()
  // Decoding takes its buffer away.
  const decoded = await new OfflineAudioContext(1, 1, sampleRate).decodeAudioData(bytes.slice(0)).catch((error: unknown) => {
    if (error instanceof DOMException) return null
    throw error
  })
  if (!decoded) return new Uint8Array(bytes)
  if (decoded.duration < minimumAudioSeconds) throw new ContractError('audio_too_short')
  if (decoded.duration > maximumAudioSeconds) throw new ContractError('audio_too_long')
  const samples = mixChannels(Array.from({ length: decoded.numberOfChannels }, (_, channel) => decoded.getChannelData(channel)))
  if (loudest(samples) < silence) throw new ContractError('audio_without_speech')
  const wav = encodeWav(samples)
  return asWav || wav.length < bytes.byteLength ? wav : new Uint8Array(bytes)
}

/** The mean of the channels. */
export function mixChannels(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(), ...others] = channels
  if (others.length === 0) return first
  return first.map((sample, at) => others.reduce((sum, channel) => sum + (channel[at] ?? 0), sample) / channels.length)
}

/** Loudness of the loudest twentieth of a second, 0 to 1. */
export function loudest(samples: Float32Array): number {
  const window = sampleRate / 20
  let most = 0
  for (let start = 0; start < samples.length; start += window) {
    const part = samples.subarray(start, start + window)
    most = Math.max(most, part.reduce((sum, sample) => sum + sample * sample, 0) / part.length)
  }
  return Math.sqrt(most)
}

/** A WAV file of samples at 16 kHz, from -1 to 1. */
export function encodeWav(samples: Float32Array): Uint8Array {
  const file = new Uint8Array(44 + samples.length * 2)
  const view = new DataView(file.buffer)
  const write = (at: number, text: string): void => file.set([...text].map((letter) => letter.charCodeAt(0)), at)
  write(0, 'RIFF')
  view.setUint32(4, file.length - 8, true)
  write(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  write(36, 'data')
  view.setUint32(40, samples.length * 2, true)
  samples.forEach((sample, at) => view.setInt16(44 + at * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true))
  return file
}
