import { renderToStaticMarkup } from 'react-dom/server'
import ReactMarkdown from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import { describe, expect, it } from 'vitest'
import { citeSources } from './cite-sources.js'

function render(markdown: string, sourceCount: number): string {
  return renderToStaticMarkup(<ReactMarkdown rehypePlugins={[rehypeSanitize, citeSources(sourceCount)]}>{markdown}</ReactMarkdown>)
}

describe('citeSources', () => {
  it('turns the numbers of sources into citations that stay with the word before and the mark after', () => {
    expect(render('Rest and drink water [2].', 2)).toBe(
      '<p>Rest and drink <span class="whitespace-nowrap">water <cite data-source="2"></cite>.</span></p>',
    )
  })

  it('knows lists and neighbours of citations', () => {
    const html = render('One [1, 3] and two [1][2]', 3)
    expect([...html.matchAll(/data-source="(\d)"/g)].map((match) => match[1])).toEqual(['1', '3', '1', '2'])
  })

  it('leaves numbers that name no source, code, and text without citations as they are', () => {
    expect(render('Bed [9] and [0]', 3)).toBe('<p>Bed [9] and [0]</p>')
    expect(render('`list[1]`', 3)).toBe('<p><code>list[1]</code></p>')
  })

  it('never lets HTML of a model through', () => {
    const html = render('<img src=x onerror=alert(1)> [1] <cite data-source="1">x</cite> [link](javascript:alert(1))', 1)
    expect(html).not.toMatch(/<img|javascript:/)
    expect(html.match(/<cite/g)).toHaveLength(1)
  })
})
