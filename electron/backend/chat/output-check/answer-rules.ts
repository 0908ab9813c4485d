/** The rules of the output check, as data that a clinician can read and change: data/answers/*.yaml. */
import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const words = z.array(z.string().trim().min(1))
const byLanguage = <Value extends z.ZodType>(value: Value) => z.object({ en: value, fr: value })

const disease = z.object({
  id: z.string(),
  general: z.boolean().default(false),
  en: words,
  fr: words,
  being: z.object({ en: words.default([]), fr: words.default([]) }).optional(),
})
export type DiseaseEntry = z.infer<typeof disease>

const statements = z.object({
  has: words,
  is: words,
  being: words,
  not: words,
  articles: words,
  adverbs: words,
  between_not: words,
  conditions: words,
  tests: words,
  after_not: words,
  your: z.string(),
  own: words,
  own_not: words,
})
export type DiagnosisWords = z.infer<typeof statements>

const medicine = z.object({ id: z.string(), names: words, families: words.or(z.array(z.string()).length(0)) })
export type MedicineEntry = z.infer<typeof medicine>

const allergy = z.object({ said: words, families: words.default([]), words: byLanguage(words).optional() })
export type AllergyEntry = z.infer<typeof allergy>

const pregnancy = z.object({
  sources: words,
  families: z.array(z.object({ family: z.string(), reason: z.string(), unless: words.default([]) })),
  actions: byLanguage(words),
})

const advice = z.object({ recommends: words, against: words, afterwards_against: words, afterwards_for: words })
export type AdviceWords = z.infer<typeof advice>

const doses = z.object({
  mass: z.record(z.string(), words),
  forms: z.record(z.string(), words),
  numbers: z.record(z.string(), z.number()),
  frequencies: words,
  not_after: z.array(z.string().min(1)),
})
export type DoseWords = z.infer<typeof doses>

export interface AnswerRules {
  diseases: DiseaseEntry[]
  diagnosis: { en: DiagnosisWords; fr: DiagnosisWords }
  medicines: MedicineEntry[]
  allergies: AllergyEntry[]
  pregnancy: z.infer<typeof pregnancy>
  advice: { en: AdviceWords; fr: AdviceWords }
  doses: DoseWords
}

/** Reads the rules of a folder. Throws when a file is missing or not valid, or when a family is named that no medicine has. */
export function readAnswerRules(folder: string): AnswerRules {
  const read = <Value>(name: string, schema: z.ZodType<Value>): Value => schema.parse(parse(fs.readFileSync(path.join(folder, name), 'utf8')))
  const rules = {
    diseases: read('diseases.yaml', z.array(disease)),
    diagnosis: read('diagnosis.yaml', byLanguage(statements)),
    medicines: read('medicines.yaml', z.array(medicine)),
    allergies: read('allergies.yaml', z.array(allergy)),
    pregnancy: read('pregnancy.yaml', pregnancy),
    advice: read('advice.yaml', byLanguage(advice)),
    doses: read('doses.yaml', doses),
  }
  const families = new Set(rules.medicines.flatMap((entry) => entry.families))
  for (const family of [...rules.allergies.flatMap((entry) => entry.families), ...rules.pregnancy.families.map((entry) => entry.family)]) {
    if (!families.has(family)) throw new Error(`no medicine is of the family ${family}`)
  }
  return rules
}
