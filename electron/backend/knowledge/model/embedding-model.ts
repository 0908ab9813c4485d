/** The embedding model on this device: texts in, normalised vectors out. Nothing is fetched from a network. */
import { access } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FeatureExtractionPipeline } from '@xenova/transformers'
import type { ModelManifest } from './model-manifest.js'

/** More threads than this gain little on sentences. */
const mostThreads = 4
/**
 * Half of the processors, so that a build leaves room for everything else. Threads that wait sleep: on two busy cores a question took 8 ms with
 * one thread, 8 with two that sleep and 16 with two that spin. The vectors are the same bit for bit.
 */
const sessionOptions = {
  intraOpNumThreads: Math.max(1, Math.min(mostThreads, Math.floor(availableParallelism() / 2))),
  interOpNumThreads: 1,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
}

export class EmbeddingModel {
  readonly manifest: ModelManifest
  readonly #extract: FeatureExtractionPipeline

  private constructor(manifest: ModelManifest, extract: FeatureExtractionPipeline) {
    this.manifest = manifest
    this.#extract = extract
  }

  /** Loads the model, or gives null when its folder is not there. Throws when the folder is damaged. */
  static async load(modelsFolder: string, manifest: ModelManifest): Promise<EmbeddingModel | null> {
    const isThere = await access(join(modelsFolder, manifest.folder, 'config.json')).then(
      () => true,
      () => false,
    )
    if (!isThere) return null
    const { env, pipeline } = await import('@xenova/transformers')
    env.allowRemoteModels = false
    env.allowLocalModels = true
    env.localModelPath = modelsFolder
    const extract = await withoutStrayRejections(() =>
      pipeline('feature-extraction', manifest.folder, { dtype: manifest.dtype, device: 'cpu', local_files_only: true, session_options: sessionOptions }),
    )
    const model = new EmbeddingModel(manifest, extract)
    const [vector] = await model.embed(['fever'], 'query')
    if (vector?.length !== manifest.dimensions) throw new Error('the model does not have the dimensions of its manifest')
    return model
  }

  /** Normalised vectors of the texts. The thread is busy until it is done: some 5 ms for a question, 35 ms for a passage. */
  async embed(texts: readonly string[], kind: 'query' | 'passage'): Promise<Float32Array[]> {
    const prefix = kind === 'query' ? this.manifest.query_prefix : this.manifest.passage_prefix
    const output = await this.#extract(texts.map((text) => prefix + text), { pooling: this.manifest.pooling, normalize: true })
    const data = output.data as Float32Array
    return texts.map((_, row) => data.slice(row * this.manifest.dimensions, (row + 1) * this.manifest.dimensions))
  }

  /** Frees the model's memory. */
  async dispose(): Promise<void> {
    await this.#extract.dispose()
  }
}

/**
 * Loads with the library's stray rejections caught: when a file of the model is missing it rejects a promise that nobody can await, which
 * would end the thread, and its own never settles.
 */
async function withoutStrayRejections<Result>(load: () => Promise<Result>): Promise<Result> {
  const { promise: stray, reject } = rejectable()
  process.on('unhandledRejection', reject)
  try {
    return await Promise.race([load(), stray])
  } finally {
    await nextTurn()
    process.off('unhandledRejection', reject)
  }
}

function rejectable(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined
  const promise = new Promise<never>((_, rejectPromise) => {
    reject = rejectPromise
  })
  // A rejection after the load has settled is nobody's any more.
  promise.catch(() => undefined)
  return { promise, reject }
}
