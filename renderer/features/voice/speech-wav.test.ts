import { describe, expect, it } from 'vitest'
import { encodeWav, loudest, mixChannels } from './speech-wav.js'

describe('a recording for speech recognition', () => {
  it('is WAV of 16 bits at 16 kHz', () => {
    const file = Buffer.from(encodeWav(new Float32Array([0, 1, -1, 2, 0.5])))
    expect(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ')
    expect([file.readUInt32LE(4), file.readUInt16LE(20), file.readUInt16LE(22), file.readUInt32LE(24), file.readUInt16LE(34), file.readUInt32LE(40)]).toEqual([46, 1, 1, 16_000, 16, 10])
    expect([0, 1, 2, 3, 4].map((at) => file.readInt16LE(44 + at * 2))).toEqual([0, 32_767, -32_767, 32_767, 16_384])
  })

  it('has the mean of its channels and the loudness of its loudest moment', () => {
    expect([...mixChannels([new Float32Array([1, 0]), new Float32Array([0, 0.5])])]).toEqual([0.5, 0.25])
    expect(mixChannels([]).length).toBe(0)
    const samples = new Float32Array(16_000)
    samples.fill(0.5, 800, 1600)
    expect(loudest(samples)).toBeCloseTo(0.5, 5)
    expect(loudest(new Float32Array(16_000))).toBe(0)
  })
})
