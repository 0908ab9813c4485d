/**
 * Loads a Whisper model in a thread beside the one that embeds. The native runtime bears one thread a process, so this one uses the same library over
 * the runtime's WebAssembly build; nothing is fetched from a network.
 */
import { access, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { WhisperModel, type LogitsProcessor, type SpeechPipeline } from './whisper-model.js'
import type { SpeechModelManifest } from './speech-model-manifest.js'

/** The part of the library that is used; its types are those of its build for Node, which this is not. */
interface Library {
  env: { allowRemoteModels: boolean; allowLocalModels: boolean; localModelPath: string; useBrowserCache: boolean; useCustomCache: boolean; customCache: unknown }
  pipeline(task: string, model: string, options: Record<string, unknown>): Promise<unknown>
  LogitsProcessor: new () => object
  LogitsProcessorList: new () => { push(processor: unknown): void }
}
interface Runtime {
  env: { wasm: { numThreads: number; wasmPaths: string } }
}

/** Loads the model in `folder`. Throws when it is damaged or none. */
export async function loadWhisper(folder: string, manifest: SpeechModelManifest): Promise<WhisperModel> {
  // The library waits for ever for a file that is not there.
  await Promise.all(filesOf(manifest).map((file) => access(path.join(folder, file))))
  const require = createRequire(import.meta.url)
  const libraryFolder = path.dirname(require.resolve('@xenova/transformers'))
  const runtimeFolder = path.dirname(createRequire(path.join(libraryFolder, 'index.js')).resolve('onnxruntime-web'))
  const runtime = (await import(pathToFileURL(path.join(runtimeFolder, 'ort.node.min.mjs')).href)) as Runtime
  runtime.env.wasm.numThreads = 1
  runtime.env.wasm.wasmPaths = pathToFileURL(`${runtimeFolder}${path.sep}`).href
  // The library takes a runtime that is here already, in place of the native one.
  Object.assign(globalThis, { [Symbol.for('onnxruntime')]: runtime })
  const library = (await import(pathToFileURL(path.join(libraryFolder, 'transformers.web.js')).href)) as Library

  const { env } = library
  env.allowRemoteModels = false
  env.allowLocalModels = true
  env.localModelPath = path.dirname(folder) + path.sep
  env.useBrowserCache = false
  // This build reads no files; what it asks for by path is read here.
  env.useCustomCache = true
  env.customCache = {
    match: async (name: unknown) => {
      const body = await readFile(String(name)).catch(() => null)
      return body === null ? undefined : new Response(new Uint8Array(body))
    },
    put: async () => undefined,
  }
  const pipeline = (await library.pipeline('automatic-speech-recognition', path.basename(folder), { dtype: manifest.dtype, device: 'auto', local_files_only: true })) as SpeechPipeline

  return new WhisperModel(pipeline, (processor: LogitsProcessor) => {
    class Seeing extends library.LogitsProcessor {
      _call(...values: Parameters<LogitsProcessor>): unknown {
        processor(values[0], values[1])
        return values[1]
      }
    }
    const list = new library.LogitsProcessorList()
    list.push(new Seeing())
    return list
  })
}

/** Endings of the model's files by their precision, as the library looks for them. */
const endings: Readonly<Record<string, string>> = { fp32: '', q8: '_quantized' }

function filesOf({ dtype }: SpeechModelManifest): string[] {
  const file = (name: 'encoder_model' | 'decoder_model_merged'): string => {
    const precision = typeof dtype === 'string' ? dtype : dtype[name]
    return `onnx/${name}${endings[precision] ?? `_${precision}`}.onnx`
  }
  return ['config.json', 'generation_config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json', file('encoder_model'), file('decoder_model_merged')]
}
