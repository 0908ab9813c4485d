/** Looks at a recording before anybody hears it: its format, its length, whether anything is on it. */
import { maximumAudioSeconds, minimumAudioSeconds, type AudioFormat } from '../../../../shared/contract/voice.js'
import { AudioFailure } from './audio-failure.js'
import { decodeWav, speechSampleRate } from './decode-wav.js'
import { sniffAudioFormat } from './sniff-audio-format.js'

export interface ReadAudio {
  format: AudioFormat
  /** Seconds; null when the file does not tell (a WebM straight from a recorder). */
  durationS: number | null
  /** One channel at 16 kHz, of a WAV file; null of the compressed formats, which nothing here decodes. */
  samples: Float32Array | null
}

const mediaTypes: Readonly<Record<AudioFormat, string>> = {
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  webm: 'audio/webm',
}

/** Loudness (root mean square) of the loudest twentieth of a second below which a recording is silence: -54 dB of full scale. */
const silence = 0.002

/** Reads a recording. Throws AudioFailure. */
export async function readAudio(bytes: Uint8Array): Promise<ReadAudio> {
  if (bytes.length === 0) throw new AudioFailure('audio_empty')
  const format = sniffAudioFormat(bytes)
  if (format === null) throw new AudioFailure('audio_type_not_supported')
  const samples = format === 'wav' ? decodeWav(bytes) : null
  const durationS = samples ? samples.length / speechSampleRate : await readDuration(bytes, format)
  if (durationS !== null && durationS < minimumAudioSeconds) throw new AudioFailure('audio_too_short')
  if (durationS !== null && durationS > maximumAudioSeconds) throw new AudioFailure('audio_too_long')
  if (samples && loudest(samples) < silence) throw new AudioFailure('audio_without_speech')
  return { format, durationS, samples }
}

async function readDuration(bytes: Uint8Array, format: AudioFormat): Promise<number | null> {
  const { parseBuffer } = await import('music-metadata')
  const read = parseBuffer(bytes, { mimeType: mediaTypes[format], size: bytes.length }, { duration: true, skipCovers: true, skipPostHeaders: true })
  const found = await read.then(
    (metadata) => metadata.format,
    (error: unknown) => {
      // A recorder writes WebM as it goes, without sizes and without an end: what cannot be told of it is left to whoever decodes it.
      if (format === 'webm') return null
      throw new AudioFailure('audio_unreadable', error)
    },
  )
  const unfinished = format === 'webm' && found?.hasVideo !== true
  if (found?.hasAudio === false && !unfinished) throw new AudioFailure('audio_unreadable')
  return found?.duration !== undefined && found.duration > 0 ? found.duration : null
}

function loudest(samples: Float32Array): number {
  const window = speechSampleRate / 20
  let most = 0
  for (let start = 0; start < samples.length; start += window) {
    const part = samples.subarray(start, start + window)
    most = Math.max(most, part.reduce((sum, sample) => sum + sample * sample, 0) / part.length)
  }
  return Math.sqrt(most)
}
