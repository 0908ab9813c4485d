/**
 * `npm run coverage`: writes docs/knowledge-coverage.md, which lists for each condition of the thesaurus the articles of the knowledge base
 * that treat of it, those without one first. An article treats of a condition when its title or one of its keywords is a name of it.
 */
import fs from 'node:fs'
import path from 'node:path'
import { readArticles } from '../backend/knowledge/articles/article-reader.js'
import { ConditionFinder } from '../backend/knowledge/conditions/condition-finder.js'
import { readConditions } from '../backend/knowledge/conditions/condition-thesaurus.js'

const folder = path.join(import.meta.dirname, '..', '..')
const conditionsFolder = path.join(folder, 'data', 'conditions')
const conditions = await readConditions(conditionsFolder)
const finder = new ConditionFinder(conditions)
const { documents, problems } = await readArticles(path.join(folder, 'data', 'knowledge'))
if (problems.length > 0) throw new Error(`${problems.length} articles are not valid: ${problems.map((problem) => problem.article).join(', ')}`)

const articles = new Map<number, Set<string>>()
for (const document of documents) {
  const named = [document.title, ...document.keywords].flatMap((name) => finder.namedIn(name, document.lang))
  for (const condition of named) articles.set(condition, (articles.get(condition) ?? new Set()).add(document.documentId))
}

/** Chapter by condition: the file in which it stands. */
const chapters = new Map<string, string>()
for (const file of fs.readdirSync(conditionsFolder).filter((name) => name.endsWith('.yaml'))) {
  for (const [, id] of fs.readFileSync(path.join(conditionsFolder, file), 'utf8').matchAll(/^- id: (\S+)/gm)) if (id) chapters.set(id, file.replace('.yaml', ''))
}

const rows = conditions.map(({ id, names }, number) => ({ id, chapter: chapters.get(id) ?? '', name: names.en[0] ?? id, articles: [...(articles.get(number) ?? [])].sort() }))
const covered = rows.filter((row) => row.articles.length > 0)
const byChapter = [...new Set(rows.map((row) => row.chapter))].sort().map((chapter) => {
  const missing = rows.filter((row) => row.chapter === chapter && row.articles.length === 0).map((row) => row.name)
  const total = rows.filter((row) => row.chapter === chapter).length
  return `| ${chapter} | ${total - missing.length} of ${total} | ${missing.join('; ')} |`
})
const reviewed = new Set(documents.filter((document) => document.reviewed).map((document) => document.documentId))
const text = `# What the knowledge base covers, and what it does not

Made by \`npm run coverage\` from \`data/conditions\` (a thesaurus of ${conditions.length} conditions, drawn up from the chapters of national and international treatment
guidelines) and \`data/knowledge\` (${new Set(documents.map((document) => document.documentId)).size} articles in English and French, ${reviewed.size} of them reviewed by a clinician). An article counts for a condition when its title or one of
its keywords names it. ${covered.length} conditions have an article; a question about one of the others is answered from the nearest article or from a document that the
ward has added, or the answer says that nothing was found.

| chapter | with an article | without one |
|---|---|---|
${byChapter.join('\n')}

## Articles by condition

| condition | articles |
|---|---|
${covered.map((row) => `| ${row.name} | ${row.articles.join(', ')} |`).join('\n')}
`
fs.writeFileSync(path.join(folder, 'docs', 'knowledge-coverage.md'), text)
process.stdout.write(`${covered.length} of ${conditions.length} conditions have an article.\n`)
