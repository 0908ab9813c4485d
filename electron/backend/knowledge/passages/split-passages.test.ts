import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { languages } from '../../../../shared/contract/common.js'
import { countWords } from './sentence-spans.js'
import { splitPassages } from './split-passages.js'

const articles = join(import.meta.dirname, '../../../../data/knowledge')

describe('splitPassages', () => {
  it('covers every word of every section of the project’s articles with exact offsets, in order, without overlap', () => {
    for (const { name: article } of readdirSync(articles, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
      for (const language of languages) {
        const content = readFileSync(join(articles, article, `${language}.md`), 'utf8')
        const passages = splitPassages(content, language)
        const words = passages.reduce((sum, { start, end }) => sum + countWords(content.slice(start, end).replace(/^- /gm, '')), 0)
        const body = content.replace(/^#.*$/gm, '').replace(/^- /gm, '')
        expect(words, `${article}/${language}`).toBe(countWords(body))
        for (const [at, passage] of passages.entries()) {
          const text = content.slice(passage.start, passage.end)
          expect(text).toBe(text.trim())
          expect(text).not.toMatch(/^#/m)
          expect(countWords(text)).toBeLessThanOrEqual(130)
          expect(passage.start).toBeGreaterThanOrEqual(passages[at - 1]?.end ?? 0)
          expect(content.lastIndexOf(`## ${passage.heading}\n`, passage.start)).toBe(content.lastIndexOf('## ', passage.start))
        }
      }
    }
  })

  it('cuts a long section at sentence boundaries into parts of about equal length', () => {
    const sentence = (index: number): string => `Sentence number ${index} has exactly eight words here.`
    const content = `# Title\n\n## One\n${Array.from({ length: 30 }, (_, index) => sentence(index)).join(' ')}\n`
    const passages = splitPassages(content, 'en').map(({ start, end }) => content.slice(start, end))
    expect(passages).toHaveLength(3)
    for (const passage of passages) {
      expect(passage).toMatch(/^Sentence.*here\.$/)
      expect(countWords(passage)).toBeGreaterThanOrEqual(64)
      expect(countWords(passage)).toBeLessThanOrEqual(96)
    }
  })

  it('cuts words without any full stop, and keeps nested headings as a path', () => {
    const content = `# T\n\n## Outer\nShort text.\n\n### Inner\n${'word '.repeat(400)}\n\n## Next\nEnd.`
    const passages = splitPassages(content, 'en')
    expect(passages.map((passage) => passage.heading)).toEqual(['Outer', ...Array(passages.length - 2).fill('Outer > Inner'), 'Next'])
    for (const { start, end } of passages) expect(countWords(content.slice(start, end))).toBeLessThanOrEqual(120)
  })

  it('gives nothing for a text with a title alone', () => {
    expect(splitPassages('# Only a title\n', 'en')).toEqual([])
  })
})

describe('a table', () => {
  it('is cut between its rows', () => {
    const rows = Array.from({ length: 60 }, (_, at) => `| Medicine ${at} | ${at} mg/kg every ${at} hours | for a patient of any weight |`)
    const content = `## Doses\n\n| Name | Dose | Whom |\n| --- | --- | --- |\n${rows.join('\n')}`
    const passages = splitPassages(content, 'en').map(({ start, end }) => content.slice(start, end))
    expect(passages.length).toBeGreaterThan(3)
    for (const passage of passages) expect(passage).toMatch(/^\|[\s\S]*\|$/)
  })
})
