import { describe, expect, it } from 'vitest'
import { TitleVectors } from './title-vectors.js'

/** A vector of its own for each text, and a note of what was asked for. */
function embedder(): { asked: string[]; embed: (titles: string[]) => Promise<Float32Array[]> } {
  const asked: string[] = []
  return {
    asked,
    embed: async (titles) => {
      asked.push(...titles)
      return titles.map((title) => Float32Array.of(title.length))
    },
  }
}

describe('TitleVectors', () => {
  it('makes each vector once and gives them in order', async () => {
    const titles = new TitleVectors()
    const { asked, embed } = embedder()
    expect(await titles.of(['Malaria', 'Flu', 'Malaria'], embed)).toEqual([Float32Array.of(7), Float32Array.of(3), Float32Array.of(7)])
    expect(await titles.of(['Flu', 'Gout'], embed)).toEqual([Float32Array.of(3), Float32Array.of(4)])
    expect(asked).toEqual(['Malaria', 'Flu', 'Gout'])
    await expect(titles.of(['Burns'], async () => [])).rejects.toThrow()
  })

  it('saves what is new and what is gone, without the titles themselves, and takes it back', async () => {
    const titles = new TitleVectors()
    const { embed } = embedder()
    expect(titles.hasUnsaved).toBe(false)
    await titles.of(['Malaria', 'Flu'], embed)
    const { add, remove } = titles.takeUnsaved()
    expect(add).toHaveLength(2)
    expect(remove).toEqual([])
    expect(titles.hasUnsaved).toBe(false)
    expect(add.every(({ passageId }) => TitleVectors.isTitle(passageId) && !/malaria|flu/i.test(passageId))).toBe(true)

    const later = new TitleVectors()
    const { asked, embed: embedLater } = embedder()
    for (const item of add) later.take(item)
    expect(await later.of(['Flu'], embedLater)).toEqual([Float32Array.of(3)])
    expect(asked).toEqual([])
    later.keepOnly(['Flu'])
    expect(later.takeUnsaved()).toEqual({ remove: [add[0]?.passageId], add: [] })
    await later.of(['Gout'], embedLater)
    later.keepOnly(['Flu'])
    expect(later.hasUnsaved).toBe(false)
  })

  it('keeps a title that went and came back before it was saved', async () => {
    const titles = new TitleVectors()
    const { embed } = embedder()
    await titles.of(['Flu'], embed)
    titles.takeUnsaved()
    titles.keepOnly([])
    await titles.of(['Flu'], embed)
    expect(titles.takeUnsaved()).toMatchObject({ remove: [], add: [{ vector: Float32Array.of(3) }] })
  })
})
