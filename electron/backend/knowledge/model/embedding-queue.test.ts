import { describe, expect, it } from 'vitest'
import { EmbeddingQueue } from './embedding-queue.js'

/** A double of the model that notes the runs. */
class NotingEmbedder {
  readonly runs: string[][] = []
  onRun: (run: number) => void = () => undefined

  async embed(texts: readonly string[]): Promise<Float32Array[]> {
    this.runs.push([...texts])
    this.onRun(this.runs.length)
    return texts.map((text) => Float32Array.of(text.length))
  }
}

describe('EmbeddingQueue', () => {
  it('runs at most 8 texts at once and keeps their order', async () => {
    const embedder = new NotingEmbedder()
    const texts = Array.from({ length: 20 }, (_, index) => 'x'.repeat(index))
    const vectors = await new EmbeddingQueue(embedder).embed(texts, 'passage')
    expect(vectors.map((vector) => vector[0])).toEqual(texts.map((text) => text.length))
    expect(embedder.runs.map((run) => run.length)).toEqual([8, 8, 4])
  })

  it('runs fewer texts at once when they are long, and a long one alone', async () => {
    const embedder = new NotingEmbedder()
    await new EmbeddingQueue(embedder).embed(['a'.repeat(5000), 'b'.repeat(600), 'c'.repeat(400), 'd'.repeat(600)], 'passage')
    expect(embedder.runs.map((run) => run.length)).toEqual([1, 2, 1])
  })

  it('lets a question in between two texts of a background build', async () => {
    const embedder = new NotingEmbedder()
    const queue = new EmbeddingQueue(embedder)
    let question: Promise<unknown> = Promise.resolve()
    embedder.onRun = (run) => {
      if (run === 1) question = queue.embed(['question'], 'query')
    }
    await queue.embed(Array(3).fill('text'), 'passage', { background: true })
    await question
    expect(embedder.runs).toEqual([['text'], ['question'], ['text'], ['text']])
  })

  it('stops a cancelled job and goes on with the next; a failing run fails its own job alone', async () => {
    const embedder = new NotingEmbedder()
    const queue = new EmbeddingQueue(embedder)
    const abort = new AbortController()
    embedder.onRun = (run) => {
      if (run === 1) abort.abort()
      if (run === 2) throw new Error('the model failed')
    }
    const cancelled = queue.embed(Array(24).fill('cancelled'), 'passage', { background: true, signal: abort.signal })
    const failing = queue.embed(['failing'], 'passage', { background: true })
    const working = queue.embed(['working'], 'passage', { background: true })
    await expect(cancelled).rejects.toThrow('aborted')
    await expect(failing).rejects.toThrow('the model failed')
    await expect(working).resolves.toHaveLength(1)
    expect(embedder.runs).toHaveLength(3)
  })

  it('at its close finishes the run under way, rejects the rest, and takes nothing more', async () => {
    const embedder = new NotingEmbedder()
    const queue = new EmbeddingQueue(embedder)
    const waiting = queue.embed(Array(24).fill('text'), 'passage')
    const closed = queue.close()
    await expect(waiting).rejects.toThrow('closed')
    await closed
    expect(embedder.runs).toHaveLength(1)
    await expect(queue.embed(['late'], 'query')).rejects.toThrow('closed')
  })
})
