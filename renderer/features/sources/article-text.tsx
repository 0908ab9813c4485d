import { useEffect, useMemo, useRef } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import { markPassage, type PassageRange } from './mark-passage.js'

const components: Components = {
  a: ({ children, href }) => <span title={href}>{children}</span>,
  img: ({ alt }) => <>{alt}</>,
  mark: ({ children }) => <mark data-testid="passage-highlight">{children}</mark>,
  // The panel's own title is the first level.
  h1: () => null,
}

/** An article with its passage marked and in sight. */
export function ArticleText({ text, lang, passage }: { text: string; lang: string; passage: PassageRange | null }) {
  const article = useRef<HTMLDivElement>(null)
  const start = passage?.start
  const end = passage?.end
  const plugins = useMemo(
    () => [rehypeSanitize, ...(start === undefined || end === undefined ? [] : [markPassage({ start, end })])],
    [start, end],
  )
  useEffect(() => {
    article.current?.querySelector('mark')?.scrollIntoView({ block: 'center' })
  }, [text, start, end])
  return (
    <div ref={article} lang={lang} className="prose-text">
      <ReactMarkdown remarkPlugins={[remarkGfm]} rehypePlugins={plugins} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  )
}
