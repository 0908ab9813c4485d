import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderToStaticMarkup } from 'react-dom/server'
import ReactMarkdown from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import { describe, expect, it } from 'vitest'
import { markPassage } from './mark-passage.js'
import { passageExcerpt } from './passage-excerpt.js'

function marks(text: string, passage: string): string {
  const start = text.indexOf(passage)
  const range = { start, end: start + passage.length }
  const html = renderToStaticMarkup(<ReactMarkdown rehypePlugins={[rehypeSanitize, markPassage(range)]}>{text}</ReactMarkdown>)
  return [...html.matchAll(/<mark>(.*?)<\/mark>/gs)].map((match) => match[1]).join(' ')
}

describe('markPassage', () => {
  const text = '# Fever\n\nA fever of 38 °C is **high**. Rest.\n\n- Drink water.\n- Come back\n  tomorrow.\n'

  it('marks exactly the passage, inside a paragraph and across list items', () => {
    expect(marks(text, 'fever of 38 °C')).toBe('fever of 38 °C')
    expect(marks(text, 'is **high**. Rest.\n\n- Drink')).toBe('is  high . Rest. Drink')
  })

  it('marks the whole text where the offsets inside it do not fit', () => {
    expect(marks(text, 'back\n  tomorrow')).toBe('Come back\ntomorrow.')
  })

  it('marks nothing outside of the passage', () => {
    expect(marks(text, '')).toBe('')
  })

  it('marks every section of the project’s articles as it stands', () => {
    const folder = join(import.meta.dirname, '../../../data/knowledge')
    for (const { name: article } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
      for (const language of ['en', 'fr']) {
        const content = readFileSync(join(folder, article, `${language}.md`), 'utf8')
        const section = content.split(/^## .*$/m)[2]?.trim() ?? ''
        const marked = marks(content, section).replaceAll('&#x27;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&')
        expect(passageExcerpt(marked), `${article}/${language}`).toBe(passageExcerpt(section))
      }
    }
  })
})
