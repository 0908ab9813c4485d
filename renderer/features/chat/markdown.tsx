import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import ReactMarkdown, { type Components } from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import type { SearchResult } from '../../../shared/contract/conversations.js'
import { useWorkspace } from '../../app/workspace.js'
import { citeSources } from './cite-sources.js'

function Citation({ number, source }: { number: number; source: SearchResult }) {
  const { t } = useTranslation()
  const { sources } = useWorkspace()
  return (
    <button
      type="button"
      data-testid="citation"
      aria-label={t('sources.open_number', { number, title: source.title })}
      title={source.title}
      onClick={() => void sources.show(source, number)}
      className="relative mx-0.5 inline-flex h-5.5 min-w-5.5 items-center justify-center rounded-md bg-primary-soft px-1 align-[0.1em] text-sm leading-none font-semibold text-primary before:absolute before:-inset-2 hover:bg-primary hover:text-on-primary"
    >
      {number}
    </button>
  )
}

/** Text of a model or a document: Markdown, never HTML; pictures are left out, links are text with their address. */
export const Markdown = memo(function Markdown({ text, sources }: { text: string; sources: readonly SearchResult[] }) {
  const components = useMemo<Components>(
    () => ({
      a: ({ children, href }) => <span className="underline decoration-dotted underline-offset-4" title={href}>{children}</span>,
      img: ({ alt }) => <>{alt}</>,
      cite: ({ node, children }) => {
        const number = Number(node?.properties['dataSource'])
        const source = sources[number - 1]
        return source ? <Citation number={number} source={source} /> : <cite>{children}</cite>
      },
    }),
    [sources],
  )
  const plugins = useMemo(() => [rehypeSanitize, citeSources(sources.length)], [sources.length])
  return (
    <div className="prose-text" data-testid="answer-text">
      <ReactMarkdown remarkPlugins={[remarkGfm]} rehypePlugins={plugins} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  )
})
