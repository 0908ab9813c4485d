/** Describes an embedding model, so that a site can put another one in its place. */
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { language } from '../../../../shared/contract/common.js'

const modelManifest = z.object({
  id: z.string().min(1),
  /** Folder of the model below the models folder. */
  folder: z.string().min(1).refine((folder) => !folder.split(/[\\/]/).includes('..'), 'leaves the models folder'),
  dimensions: z.number().int().min(8).max(4096),
  pooling: z.enum(['mean', 'cls']),
  query_prefix: z.string(),
  passage_prefix: z.string(),
  dtype: z.enum(['fp32', 'fp16', 'q8', 'q4', 'q4f16']),
  /** Languages that the model understands; texts in another are glossed in English before they are embedded. */
  languages: z.array(language).min(1),
})
export type ModelManifest = z.infer<typeof modelManifest>

/** The manifest that a site has put into the models folder (manifest.json), else the one that the project ships. Throws when it is not valid. */
export async function readModelManifest(modelsFolder: string, shippedManifest: string): Promise<ModelManifest> {
  const chosen = join(modelsFolder, 'manifest.json')
  const isChosen = await access(chosen).then(
    () => true,
    () => false,
  )
  return modelManifest.parse(JSON.parse(await readFile(isChosen ? chosen : shippedManifest, 'utf8')))
}

/** What an embedding is remembered under: the same model in another precision gives other numbers. */
export function modelKey(manifest: ModelManifest): string {
  return `${manifest.id}@${manifest.dtype}`
}
