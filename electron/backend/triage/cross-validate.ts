/**
 * Measures triage on the labelled cases with each fifth of them left out of the learning: `npx tsx electron/backend/triage/cross-validate.ts [folder]`.
 * The rules were widened with some of these cases in view, so the figure of the rules alone is kinder than on new words.
 */
import { join } from 'node:path'
import { triageLevels, type TriageLevel } from '../../../shared/contract/conversations.js'
import { parseCases, readCaseSources } from './labelled-cases.js'
import { loadRules } from './prepared-rules.js'
import { levelShares, secondLevel } from './second-look.js'
import { trainSecondLook } from './second-look-training.js'
import { TriageService } from './triage-service.js'
import { featuresOf, readUtterance } from './utterance.js'

const parts = 5
const folder = process.argv[2] ?? join(import.meta.dirname, '../../../data/triage')
const [{ files, lexicon }, triage, sources] = await Promise.all([loadRules(folder), TriageService.load(folder), readCaseSources(folder)])
const rules = new Map(files.rules.map((rule) => [rule.id, rule]))

const cases = parseCases(sources).map((entry) => {
  const fired = triage.firing(entry.text).flatMap((id) => rules.get(id) ?? [])
  const byRules: TriageLevel = fired.some((rule) => rule.level === 'emergency') ? 'emergency' : fired.length > 0 ? 'urgent' : 'routine'
  return {
    ...entry, byRules,
    features: featuresOf(readUtterance(entry.text, lexicon), lexicon),
    certain: fired.some((rule) => rule.beyond_doubt),
    byCatchAll: byRules === 'urgent' && fired.every((rule) => rule.catch_all),
  }
})

const counts = new Map<string, number>()
const count = (way: string, expected: TriageLevel, got: TriageLevel): void => {
  const key = `${way}\t${expected} -> ${got}`
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
for (let part = 0; part < parts; part += 1) {
  const weights = trainSecondLook(cases.filter((_, index) => index % parts !== part))
  for (const entry of cases.filter((_, index) => index % parts === part)) {
    count('rules alone', entry.level, entry.byRules)
    count('rules and second look', entry.level, entry.certain ? 'emergency' : secondLevel(entry.byRules, levelShares(entry.features, weights), entry.byCatchAll))
  }
}
for (const way of ['rules alone', 'rules and second look']) {
  for (const expected of triageLevels) for (const got of triageLevels) process.stdout.write(`${way}\t${expected} -> ${got}\t${counts.get(`${way}\t${expected} -> ${got}`) ?? 0}\n`)
}
