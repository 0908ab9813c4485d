/** The true library, its WebAssembly runtime and its whole speech pipeline, over a model that is a table: no true Whisper lies in a package. */
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../testing/test-backend.js'
import { makeWhisper } from '../testing/make-whisper.js'
import { DeviceWhisper } from './device-whisper.js'
import { readSpeechModelManifest } from './speech-model-manifest.js'

const live = new AbortController().signal
let modelsFolder: string
let device: DeviceWhisper
const second = Float32Array.from({ length: 16_000 }, (_, at) => Math.sin(at / 10) / 2)

beforeAll(() => {
  modelsFolder = temporaryFolder('speech')
  makeWhisper(path.join(modelsFolder, 'whisper-table'))
  device = new DeviceWhisper({ modelsFolder })
})
afterAll(async () => {
  await device.close()
  fs.rmSync(modelsFolder, { recursive: true, force: true })
})

/** Logits of 6 among 16 tokens, and of the language among the two. */
const ofToken = Math.exp(6) / (Math.exp(6) + 15)
const ofLanguage = 1 / (1 + Math.exp(-2))

describe('speech recognition on this device', () => {
  it('finds the model, the language and the words, and how sure it is of them', async () => {
    expect(await device.model()).toBe('whisper-of-tests')
    const found = await device.transcribe({ samples: second, language: null, signal: live })
    expect(found).toMatchObject({ text: 'Bonjour docteur', language: 'fr' })
    expect(found.confidence).toBeCloseTo(ofToken * ofLanguage, 4)
    const told = await device.transcribe({ samples: second, language: 'en', signal: live })
    expect(told).toMatchObject({ text: 'Bonjour docteur', language: 'en' })
    expect(told.confidence).toBeCloseTo(ofToken, 4)
  }, 60_000)

  it('hears a long recording in pieces', async () => {
    const long = Float32Array.from({ length: 45 * 16_000 }, (_, at) => Math.sin(at / 10) / 2)
    const { text, confidence } = await device.transcribe({ samples: long, language: 'fr', signal: live })
    expect(text).toContain('Bonjour docteur')
    expect(confidence).toBeCloseTo(ofToken, 4)
  }, 60_000)

  it('stops when it is told to, and hears the next one', async () => {
    const controller = new AbortController()
    const running = device.transcribe({ samples: second, language: 'fr', signal: controller.signal })
    const next = device.transcribe({ samples: second, language: 'fr', signal: live })
    controller.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
    expect((await next).text).toBe('Bonjour docteur')
  }, 60_000)

  it('fails with a damaged model and says nothing of what it heard', async () => {
    const damaged = path.join(modelsFolder, 'damaged')
    makeWhisper(damaged)
    fs.writeFileSync(path.join(damaged, 'onnx', 'encoder_model.onnx'), 'nothing of a model')
    const broken = new DeviceWhisper({ modelsFolder })
    broken.setFolder(damaged)
    await expect(broken.transcribe({ samples: second, language: 'fr', signal: live })).rejects.toThrow(/^speech recognition failed \(\w+\)$/)
    await broken.close()
  }, 60_000)
})

describe('the model of a device', () => {
  it('is none where there is no Whisper, or a manifest that is not valid', async () => {
    expect(await new DeviceWhisper({ modelsFolder: path.join(modelsFolder, 'nowhere') }).model()).toBeNull()
    const other = path.join(modelsFolder, 'other')
    fs.mkdirSync(other)
    fs.writeFileSync(path.join(other, 'config.json'), '{"model_type": "bert"}')
    expect(await readSpeechModelManifest(other)).toBeNull()
    fs.writeFileSync(path.join(other, 'config.json'), '{"model_type": "whisper"}')
    expect(await readSpeechModelManifest(other)).toEqual({ id: 'other', dtype: 'q8' })
    fs.writeFileSync(path.join(other, 'manifest.json'), '{"id": "x", "dtype": "tiny"}')
    const wrong = new DeviceWhisper({ modelsFolder })
    wrong.setFolder(other)
    expect(await wrong.model()).toBeNull()
    await expect(wrong.transcribe({ samples: second, language: 'fr', signal: live })).rejects.toThrow('no speech model')
  })
})
