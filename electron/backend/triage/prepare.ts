/**
 * Writes what the program reads at its start from the triage folder: `prepared.json` (the rule files, parsed) and `second-look.tsv` (learned from the
 * labelled cases). To be run after every change of the rules, word groups or cases: `npx tsx electron/backend/triage/prepare.ts [folder]`.
 */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseCases, readCaseSources } from './labelled-cases.js'
import { compileLexicon } from './lexicon.js'
import { digestOf, preparedName, writePrepared } from './prepared-rules.js'
import { parseRuleFiles, readRuleSources, type RuleSources } from './rule-files.js'
import { writeSecondLook } from './second-look-file.js'
import { trainSecondLook } from './second-look-training.js'
import { featuresOf, readUtterance } from './utterance.js'

/** What the second look is learned from, as one hexadecimal number. */
export function casesDigest(rules: RuleSources, cases: ReadonlyMap<string, string>): string {
  return createHash('sha256').update(digestOf(rules)).update(digestOf(cases)).digest('hex')
}

/** Writes both files; the same rules and cases give the same bytes. @throws Error when a rule or case file is malformed */
export async function prepareTriage(folder: string): Promise<void> {
  const [rules, sources] = await Promise.all([readRuleSources(folder), readCaseSources(folder)])
  await writeFile(join(folder, preparedName), writePrepared(rules))
  const lexicon = compileLexicon(parseRuleFiles(rules))
  const cases = parseCases(sources).map(({ text, level }) => ({ level, features: featuresOf(readUtterance(text, lexicon), lexicon) }))
  await writeFile(join(folder, 'second-look.tsv'), writeSecondLook({ digest: casesDigest(rules, sources), weights: trainSecondLook(cases) }))
}

const called = process.argv[1]
if (called !== undefined && import.meta.url === pathToFileURL(called).href) await prepareTriage(process.argv[2] ?? join(import.meta.dirname, '../../../data/triage'))
