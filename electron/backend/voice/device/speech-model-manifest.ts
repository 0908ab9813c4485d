/** Describes the Whisper model that a site has put on a device. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

const dtype = z.enum(['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4'])
const speechModelManifest = z.object({
  /** As it is shown, e.g. `whisper-base`. */
  id: z.string().trim().min(1).max(120),
  /** Precision of the files, for all of them or for each. */
  dtype: z.union([dtype, z.object({ encoder_model: dtype, decoder_model_merged: dtype })]),
})
export type SpeechModelManifest = z.infer<typeof speechModelManifest>

/**
 * The manifest of the model in a folder: its `manifest.json`, or else the folder's own name and 8-bit files, as the model hub calls them. Null when
 * there is no Whisper model in it. Throws when the manifest is not valid.
 */
export async function readSpeechModelManifest(folder: string): Promise<SpeechModelManifest | null> {
  const config = await readJson(path.join(folder, 'config.json'))
  if (!z.looseObject({ model_type: z.literal('whisper') }).safeParse(config).success) return null
  return speechModelManifest.parse((await readJson(path.join(folder, 'manifest.json'))) ?? { id: path.basename(folder), dtype: 'q8' })
}

/** Null when there is no such file, or when it is no JSON. */
async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
