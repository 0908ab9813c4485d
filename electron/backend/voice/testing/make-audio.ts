/** Recordings for tests: small, made on the spot. */

export interface WaveOptions {
  seconds?: number
  rate?: number
  channels?: number
  bits?: 8 | 16 | 24 | 32
  float?: boolean
  /** Loudness from 0 to 1. */
  level?: number
  /** Pitch in Hz. */
  hertz?: number
}

/** A tone as WAV. */
export function makeWav({ seconds = 1, rate = 16_000, channels = 1, bits = 16, float = false, level = 0.5, hertz = 440 }: WaveOptions = {}): Uint8Array {
  const frames = Math.round(seconds * rate)
  const width = (bits / 8) * channels
  const file = Buffer.alloc(44 + frames * width)
  file.write('RIFF', 0)
  file.writeUInt32LE(36 + frames * width, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(float ? 3 : 1, 20)
  file.writeUInt16LE(channels, 22)
  file.writeUInt32LE(rate, 24)
  file.writeUInt32LE(rate * width, 28)
  file.writeUInt16LE(width, 32)
  file.writeUInt16LE(bits, 34)
  file.write('data', 36)
  file.writeUInt32LE(frames * width, 40)
  for (let frame = 0; frame < frames; frame++) {
    const value = level * Math.sin((2 * Math.PI * hertz * frame) / rate)
    for (let channel = 0; channel < channels; channel++) {
      const at = 44 + frame * width + channel * (bits / 8)
      if (float) file.writeFloatLE(value, at)
      else if (bits === 8) file.writeUInt8(Math.round(value * 127) + 128, at)
      else file.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), at, bits / 8)
    }
  }
  return new Uint8Array(file)
}

/** Silent MPEG frames of 26 ms. */
export function makeMp3(seconds = 1): Uint8Array {
  const frame = Buffer.alloc(417)
  frame.set([0xff, 0xfb, 0x90, 0x00])
  return new Uint8Array(Buffer.concat(Array.from({ length: Math.ceil(seconds / (1152 / 44_100)) }, () => frame)))
}

/** A FLAC file that says how long it is. */
export function makeFlac(seconds = 1): Uint8Array {
  const file = Buffer.alloc(4 + 4 + 34 + 64)
  file.write('fLaC', 0)
  file.set([0x80, 0, 0, 34], 4)
  file.writeUInt16BE(4096, 8)
  file.writeUInt16BE(4096, 10)
  // 20 bits of rate, 3 of channels less one, 5 of bits less one, 36 of samples.
  file.writeBigUInt64BE((16_000n << 44n) | (0n << 41n) | (15n << 36n) | BigInt(Math.round(seconds * 16_000)), 18)
  return new Uint8Array(file)
}

/** An Ogg file with the pages of an Opus stream: its head and an end that says how long it was. */
export function makeOgg(seconds = 1): Uint8Array {
  const page = (type: number, granule: bigint, number: number, body: Buffer): Buffer => {
    const header = Buffer.alloc(28)
    header.write('OggS', 0)
    header.writeUInt8(type, 5)
    header.writeBigInt64LE(granule, 6)
    header.writeUInt32LE(7, 14)
    header.writeUInt32LE(number, 18)
    header.writeUInt8(1, 26)
    header.writeUInt8(body.length, 27)
    return Buffer.concat([header, body])
  }
  const head = Buffer.alloc(19)
  head.write('OpusHead', 0)
  head.set([1, 1], 8)
  head.writeUInt32LE(48_000, 12)
  const tags = Buffer.from('OpusTags\u0004\0\0\0test\0\0\0\0', 'latin1')
  return new Uint8Array(Buffer.concat([page(2, 0n, 0, head), page(0, 0n, 1, tags), page(4, BigInt(Math.round(seconds * 48_000)), 2, Buffer.alloc(100))]))
}

/** The beginning of a WebM file as a browser's recorder writes it, without a length; `type` may be another Matroska's. */
export function makeWebm(type: 'webm' | 'matroska' = 'webm'): Uint8Array {
  const docType = Buffer.from(type)
  const header = Buffer.concat([Buffer.from([0x42, 0x86, 0x81, 1, 0x42, 0xf7, 0x81, 1, 0x42, 0xf2, 0x81, 4, 0x42, 0xf3, 0x81, 8, 0x42, 0x82, 0x80 | docType.length]), docType, Buffer.from([0x42, 0x87, 0x81, 4, 0x42, 0x85, 0x81, 2])])
  const info = Buffer.from([0x15, 0x49, 0xa9, 0x66, 0x87, 0x2a, 0xd7, 0xb1, 0x83, 0x0f, 0x42, 0x40])
  return new Uint8Array(Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x80 | header.length]), header, Buffer.from([0x18, 0x53, 0x80, 0x67, 0x80 | info.length]), info]))
}

/** An MP4 with a header that says how long it is. */
export function makeM4a(seconds = 1, brand = 'M4A '): Uint8Array {
  const box = (name: string, ...bodies: Buffer[]): Buffer => {
    const body = Buffer.concat(bodies)
    const header = Buffer.alloc(8)
    header.writeUInt32BE(body.length + 8, 0)
    header.write(name, 4)
    return Buffer.concat([header, body])
  }
  const numbers = (...values: number[]): Buffer => {
    const written = Buffer.alloc(values.length * 4)
    values.forEach((value, at) => written.writeUInt32BE(value, at * 4))
    return written
  }
  const zeros = (count: number): Buffer => Buffer.alloc(count)
  const handler = box('hdlr', numbers(0, 0), Buffer.from('soun'), zeros(13))
  // One channel of 16 bits at 16 kHz.
  const description = box('stsd', numbers(0, 1), box('mp4a', zeros(6), Buffer.from([0, 1]), zeros(8), Buffer.from([0, 1, 0, 16]), zeros(4), numbers(16_000 << 16)))
  const media = box('mdia', box('mdhd', numbers(0, 0, 0, 1000, Math.round(seconds * 1000), 0)), handler, box('minf', box('stbl', description, box('stsz', numbers(0, 4, 0)))))
  const moov = box('moov', box('mvhd', numbers(0, 0, 0, 1000, Math.round(seconds * 1000)), zeros(80)), box('trak', box('tkhd', numbers(1, 0, 0, 1), zeros(68)), media))
  return new Uint8Array(Buffer.concat([box('ftyp', Buffer.from(`${brand}\0\0\0\0${brand}`, 'latin1')), moov, box('mdat', zeros(64))]))
}
