import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import ReactMarkdown, { type Components } from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import { markPages, type PageStart } from './mark-pages.js'
import { markPassage, type PassageRange } from './mark-passage.js'

/** Where a page begins. */
function PageMark({ page }: { page: string }) {
  const { t } = useTranslation()
  return (
    <span role="separator" data-testid="page-mark" data-page={page} aria-label={t('documents.page', { page })} className="my-3 flex items-center gap-3 text-sm text-soft">
      <span className="h-px flex-1 bg-line-strong" />
      {t('documents.page', { page })}
      <span className="h-px flex-1 bg-line-strong" />
    </span>
  )
}

const components: Components = {
  a: ({ children, href }) => <span title={href}>{children}</span>,
  img: ({ alt }) => <>{alt}</>,
  mark: ({ children }) => <mark data-testid="passage-highlight">{children}</mark>,
  hr: ({ node }) => (node?.properties['dataPage'] === undefined ? <hr /> : <PageMark page={String(node.properties['dataPage'])} />),
  // The panel's own title is the first level.
  h1: () => null,
}

const noPages: readonly PageStart[] = []

/** An article with its pages and its passage marked, and the passage in sight. */
export function ArticleText({ text, lang, passage, pages = noPages }: { text: string; lang: string; passage: PassageRange | null; pages?: readonly PageStart[] }) {
  const article = useRef<HTMLDivElement>(null)
  const start = passage?.start
  const end = passage?.end
  const plugins = useMemo(
    () => [rehypeSanitize, markPages(pages), ...(start === undefined || end === undefined ? [] : [markPassage({ start, end })])],
    [start, end, pages],
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
