import { BadgeCheck, ShieldQuestion, X } from 'lucide-react'
import { useEffect, useLayoutEffect, useMemo, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { Dialog } from '../../components/dialog.js'
import { IconButton } from '../../components/icon-button.js'
import { Notice } from '../../components/notice.js'
import { Segments } from '../../components/segments.js'
import { useErrorText } from '../../components/use-error-text.js'
import { ArticleText } from './article-text.js'
import type { OpenedDocument, OpenSource } from './sources-store.js'

function Review({ document }: { document: OpenedDocument }) {
  const { t } = useTranslation()
  return document.reviewed ? (
    <p className="mt-1.5 flex items-center gap-2 text-sm font-medium text-primary">
      <BadgeCheck aria-hidden className="size-5 shrink-0" />
      {t('sources.reviewed_by', { name: document.reviewed_by })}
    </p>
  ) : (
    <p data-testid="not-reviewed" className="mt-1.5 flex items-center gap-2 text-sm font-medium text-caution">
      <ShieldQuestion aria-hidden className="size-5 shrink-0" />
      {document.kind === 'upload' ? t('documents.not_reviewed') : t('sources.not_reviewed')}
    </p>
  )
}

function NamedSources({ document }: { document: OpenedDocument }) {
  const { t } = useTranslation()
  if (document.sources.length === 0) return null
  return (
    <section className="mt-8 border-t border-line pt-4">
      <h3 className="font-semibold">{t('sources.based_on')}</h3>
      <ul className="mt-2 flex flex-col gap-2 text-sm text-soft">
        {document.sources.map((source) => (
          <li key={`${source.title} ${source.publisher}`}>
            <span className="text-ink">{source.title}</span>
            {t('sources.publisher', { publisher: [source.publisher, source.year].filter((part) => part !== null).join(', ') })}
            {source.url && <span className="block break-all">{source.url}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Of a long document a part is shown; this brings the one before or after it. */
function OtherPart({ document, direction }: { document: OpenedDocument; direction: 'earlier' | 'later' }) {
  const { t } = useTranslation()
  const { sources } = useWorkspace()
  const end = document.text_start + document.text.length
  const at = direction === 'earlier' ? document.text_start : end
  if (direction === 'earlier' ? at === 0 : at >= document.text_length) return null
  return (
    <Button data-testid={`${direction}-part`} onClick={() => void sources.showAround(at)} className="my-3 w-full">
      {t(`documents.${direction}`)}
    </Button>
  )
}

/** The text with the passage marked; offsets of pages and passage count in the whole document. */
function Text({ open: { source, lang, at }, document }: { open: OpenSource; document: OpenedDocument }) {
  const { text, text_start: offset } = document
  const pages = useMemo(() => document.pages.map(({ page, start }) => ({ page, start: start - offset })), [document.pages, offset])
  const holdsPassage = lang === source.lang && source.end > source.start && source.start >= offset && source.end <= offset + text.length
  // Another part of the document is read from where it goes on.
  const passage = holdsPassage ? { start: source.start - offset, end: source.end - offset } : null
  return <ArticleText key={at} text={text} lang={lang} passage={passage} pages={pages} />
}

function PanelContent({ open }: { open: OpenSource }) {
  const { t } = useTranslation()
  const { sources } = useWorkspace()
  const texts = useErrorText()
  const close = useRef<HTMLButtonElement>(null)
  const { source, document, lang, number, failure } = open
  useEffect(() => {
    close.current?.focus()
  }, [])
  return (
    <div data-testid="source-panel" className="flex h-full min-h-0 flex-col">
      <header className="flex items-start gap-3 border-b border-line px-5 pt-4 pb-3">
        {number !== null && (
          <span className="mt-1.5 inline-flex h-7 min-w-7 items-center justify-center rounded-md bg-primary-soft px-1.5 font-semibold text-primary">{number}</span>
        )}
        <div className="min-w-0 flex-1">
          <h2 lang={lang} className="pt-1 font-serif text-2xl leading-tight font-semibold">
            {document?.title ?? source.title}
          </h2>
          {document?.department && <p lang={lang} className="text-sm text-soft">{document.department}</p>}
          {source.page !== undefined && (
            <p data-testid="source-page" className="text-sm text-soft">
              {t('documents.page', { page: source.page })}
            </p>
          )}
          {document && <Review document={document} />}
        </div>
        <IconButton ref={close} label={t('sources.close')} data-testid="close-source" icon={<X aria-hidden className="size-5.5" />} onClick={() => sources.close()} className="-mr-2" />
      </header>
      <div role="region" aria-label={t('sources.article')} className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
        {document && (
          <div className="mb-5 flex flex-col items-start gap-3">
            {document.languages.length > 1 && (
              <Segments
                label={t('sources.language')}
                value={lang}
                options={document.languages.map((one) => ({ value: one, label: t(`language.${one}`), lang: one, testId: `article-language-${one}` }))}
                onValue={(chosen) => void sources.switchLanguage(chosen)}
              />
            )}
            {lang !== source.lang && <p className="text-sm text-soft">{t('sources.other_language', { language: t(`language.${source.lang}`) })}</p>}
          </div>
        )}
        {failure && (
          <div className="flex flex-col items-start gap-3">
            <Notice tone="problem" alert>
              {texts.ofCode(failure)}
            </Notice>
            <Button onClick={() => void sources.switchLanguage(lang)}>{t('common.try_again')}</Button>
          </div>
        )}
        {!document && !failure && <p role="status">{t('common.loading')}</p>}
        {document && (
          <>
            <OtherPart document={document} direction="earlier" />
            <Text open={open} document={document} />
            <OtherPart document={document} direction="later" />
            <NamedSources document={document} />
          </>
        )}
      </div>
    </div>
  )
}

/** Beside the conversation it is no dialog, but it goes like one: Escape closes it, and the focus is again where it was opened. */
function BesidePanel({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const { sources } = useWorkspace()
  const panel = useRef<HTMLElement>(null)
  // Before the content's own effect moves the focus into it.
  useLayoutEffect(() => {
    const element = panel.current
    const opener = document.activeElement
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) sources.close()
    }
    window.addEventListener('keydown', press)
    return () => {
      window.removeEventListener('keydown', press)
      // A person who has gone on to something else, such as another source, stays there.
      if (opener instanceof HTMLElement && element?.contains(document.activeElement)) opener.focus()
    }
  }, [sources])
  return (
    <aside ref={panel} aria-label={t('sources.title')} className="w-[27rem] shrink-0 border-l border-line bg-surface">
      {children}
    </aside>
  )
}

/** The open source: beside the conversation where there is room, over it where there is none. */
export function SourcePanel({ beside }: { beside: boolean }) {
  const { t } = useTranslation()
  const { sources } = useWorkspace()
  const open = useStore(sources, (state) => state.open)
  if (!open) return null
  const key = `${open.source.document_id} ${open.source.start}`
  return beside ? (
    <BesidePanel key={key}>
      <PanelContent open={open} />
    </BesidePanel>
  ) : (
    <Dialog open onClose={() => sources.close()} title={t('sources.title')} shape="sheet">
      <PanelContent key={key} open={open} />
    </Dialog>
  )
}
