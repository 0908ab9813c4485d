import { describe, expect, it } from 'vitest'
import { makeFlac, makeM4a, makeMp3, makeOgg, makeWav, makeWebm, type WaveOptions } from '../testing/make-audio.js'
import { decodeWav } from './decode-wav.js'
import { readInThread } from './audio-reader.js'
import { readAudio } from './read-audio.js'
import { sniffAudioFormat } from './sniff-audio-format.js'

const live = new AbortController().signal
const codeOf = async (bytes: Uint8Array): Promise<string> =>
  readAudio(bytes).then(
    () => 'read',
    (error: { code?: string }) => error.code ?? String(error),
  )

describe('formats', () => {
  it('are told by their first bytes', () => {
    const withTag = new Uint8Array([...Buffer.from('ID3'), 4, 0, 0, 0, 0, 0, 0])
    expect([makeWav(), makeMp3(), withTag, makeFlac(), makeOgg(), makeWebm(), makeM4a()].map(sniffAudioFormat)).toEqual(['wav', 'mp3', 'mp3', 'flac', 'ogg', 'webm', 'm4a'])
  })

  it.each([
    ['text', Buffer.from('hello, this is a text')],
    ['a PDF', Buffer.from('%PDF-1.7 …')],
    ['AAC', Buffer.from([0xff, 0xf1, 0x50, 0x80, 0, 0, 0, 0])],
    ['an AVI', Buffer.from('RIFF\0\0\0\0AVI LIST')],
    ['a Matroska film', makeWebm('matroska')],
    ['a QuickTime film', makeM4a(1, 'qt  ')],
    ['a picture', makeM4a(1, 'heic')],
    ['one byte', Buffer.from([0xff])],
    ['a sync without a rate', Buffer.from([0xff, 0xfb, 0xff, 0xff])],
  ])('of other kinds are refused: %s', async (_name, bytes) => {
    expect(await codeOf(new Uint8Array(bytes))).toBe('audio_type_not_supported')
  })
})

describe('a recording', () => {
  it('tells its length in every format that has one', async () => {
    for (const make of [makeMp3, makeFlac, makeOgg, makeM4a]) expect((await readAudio(make(3))).durationS, make.name).toBeCloseTo(3, 0)
    expect((await readAudio(makeWav({ seconds: 2.5 }))).durationS).toBeCloseTo(2.5, 3)
    expect((await readAudio(makeWebm())).durationS).toBeNull()
  })

  it('is refused when it is empty, too short, too long, silent or broken', async () => {
    expect(await codeOf(new Uint8Array())).toBe('audio_empty')
    for (const bytes of [makeWav({ seconds: 0.2 }), makeFlac(0.1), makeWav({ seconds: 0 })]) expect(await codeOf(bytes)).toBe('audio_too_short')
    for (const bytes of [makeFlac(601), makeOgg(700), makeM4a(3600), makeWav({ seconds: 601, rate: 8000, bits: 8 })]) expect(await codeOf(bytes)).toBe('audio_too_long')
    expect(await codeOf(makeWav({ seconds: 3, level: 0.001 }))).toBe('audio_without_speech')
    expect(await codeOf(makeWav().slice(0, 30))).toBe('audio_unreadable')
    expect(await codeOf(new Uint8Array([...Buffer.from('RIFF\0\0\0\0WAVE')]))).toBe('audio_unreadable')
    expect(await codeOf(makeFlac().slice(0, 12))).toBe('audio_unreadable')
    const strange = makeWav()
    // An MP3 in WAV's clothes.
    strange[20] = 85
    expect(await codeOf(strange)).toBe('audio_unreadable')
  })

  it.each<WaveOptions>([
    { bits: 8 },
    { bits: 16 },
    { bits: 24 },
    { bits: 32 },
    { bits: 32, float: true },
    { rate: 44_100, channels: 2 },
    { rate: 8_000 },
    { rate: 48_000, bits: 24, channels: 2 },
  ])('as WAV becomes one channel at 16 kHz: %o', (options) => {
    const heard = decodeWav(makeWav({ ...options, hertz: 200 }))
    expect(Math.abs(heard.length - 16_000)).toBeLessThan(3)
    const plain = decodeWav(makeWav({ hertz: 200 }))
    // Averaging shifts by at most one sample of the new rate.
    const furthest = Math.max(...Array.from({ length: 15_000 }, (_, at) => Math.abs((heard[at] ?? 9) - (plain[at] ?? 0))))
    expect(furthest).toBeLessThan(0.06)
  })

  it('that was cut while it was written is read as far as it goes, and samples that are no number are silence', () => {
    const cut = makeWav({ seconds: 2 })
    new DataView(cut.buffer).setUint32(40, 0, true)
    expect(decodeWav(cut).length).toBe(32_000)
    const float = makeWav({ bits: 32, float: true })
    new DataView(float.buffer).setFloat32(44, Number.NaN, true)
    new DataView(float.buffer).setFloat32(48, 1e30, true)
    expect([...decodeWav(float).slice(0, 2)]).toEqual([0, 1])
  })
})

describe('the reading thread', () => {
  it('gives what it read, and the code of what it refused', async () => {
    const { samples, ...read } = await readInThread(makeWav(), live)
    expect(read).toEqual({ format: 'wav', durationS: 1 })
    expect(samples?.length).toBe(16_000)
    await expect(readInThread(new Uint8Array(), live)).rejects.toMatchObject({ code: 'audio_empty' })
  })

  it('ends when it is cancelled or takes too long', async () => {
    const controller = new AbortController()
    const reading = readInThread(makeWav(), controller.signal)
    controller.abort()
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
    await expect(readInThread(makeWav(), controller.signal)).rejects.toMatchObject({ code: 'cancelled' })
    await expect(readInThread(makeWav(), live, { limitMs: 1 })).rejects.toMatchObject({ code: 'audio_unreadable' })
  })
})
