import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { compileLexicon, prepareLexicon, type Lexicon, type PreparedLexicon } from './lexicon.js'
import { parseRuleFiles, readRuleSources, type RuleFiles, type RuleSources } from './rule-files.js'

/** Written beside the rule files by `prepare.ts`: what they parse to, so that a start does not parse 150 kB of YAML. */
export const preparedName = 'prepared.json'

/** Changes when the form of the prepared file or the way phrases are read changes. */
const format = 1

export interface LoadedRules {
  readonly files: RuleFiles
  readonly lexicon: Lexicon
}

interface PreparedFile {
  readonly digest: string
  readonly files: Omit<RuleFiles, 'concepts' | 'categories'> & {
    readonly concepts: readonly (readonly [string, ReturnType<RuleFiles['concepts']['get']>])[]
    readonly categories: readonly (readonly [string, ReturnType<RuleFiles['categories']['get']>])[]
  }
  readonly lexicon: PreparedLexicon
}

/** What the rule files contain, as one hexadecimal number. */
export function digestOf(sources: RuleSources): string {
  const hash = createHash('sha256').update(`format ${format}\n`)
  for (const [path, text] of sources) hash.update(`${basename(path)}\n${text.length}\n${text}`)
  return hash.digest('hex')
}

/**
 * Loads the rules: from the prepared file when it was made from these very rule files, else from the rule files themselves (slower, same result).
 * @throws Error naming the file when a rule file is missing, malformed, or contradicts another
 */
export async function loadRules(folder: string): Promise<LoadedRules> {
  const [sources, text] = await Promise.all([readRuleSources(folder), readFile(join(folder, preparedName), 'utf8').catch(() => null)])
  const prepared = text === null ? null : readPrepared(text, digestOf(sources))
  if (prepared) return { files: prepared.files, lexicon: compileLexicon(prepared.files, prepared.lexicon) }
  const files = parseRuleFiles(sources)
  return { files, lexicon: compileLexicon(files) }
}

/** The prepared file's text for these rule files. @throws Error when they are malformed */
export function writePrepared(sources: RuleSources): string {
  const files = parseRuleFiles(sources)
  const prepared: PreparedFile = {
    digest: digestOf(sources),
    files: { ...files, concepts: [...files.concepts].map(([name, entry]) => [name, { ...entry, en: [], fr: [], except: { en: [], fr: [] } }]), categories: [...files.categories] },
    lexicon: prepareLexicon(files),
  }
  return `${JSON.stringify(prepared)}\n`
}

/** Null when the file is damaged or belongs to other rule files. The digest stands for the checks that were made when it was written. */
function readPrepared(text: string, digest: string): { readonly files: RuleFiles; readonly lexicon: PreparedLexicon } | null {
  if (!text.startsWith(`{"digest":"${digest}"`)) return null
  try {
    // Written by `writePrepared` from checked files with this digest.
    const { files, lexicon } = JSON.parse(text) as PreparedFile
    const entries = <Entry>(pairs: readonly (readonly [string, Entry | undefined])[]): Map<string, Entry> =>
      new Map(pairs.flatMap(([name, entry]) => (entry === undefined ? [] : [[name, entry] as const])))
    return { files: { ...files, concepts: entries(files.concepts), categories: entries(files.categories) }, lexicon }
  } catch {
    return null
  }
}
