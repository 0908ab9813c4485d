/** The texts that the model is told, as data that a clinician can read and change. */
import fs from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const bilingual = z.object({ en: z.string().trim().min(1), fr: z.string().trim().min(1) })

const instructionTexts = z.object({ full: bilingual, condensed: bilingual, passages: bilingual, facts: bilingual, summary: bilingual, asked: bilingual, summarise: bilingual, greeting_offline: bilingual, translate: bilingual, rewrite: bilingual })
export type InstructionTexts = z.infer<typeof instructionTexts>

/** Reads the file. Throws when a text is missing in a language. */
export function readInstructions(file: string): InstructionTexts {
  return instructionTexts.parse(parse(fs.readFileSync(file, 'utf8')))
}
