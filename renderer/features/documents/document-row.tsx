import { FileSpreadsheet, FileText, FolderSync, Trash2 } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { UploadedDocument } from '../../../shared/contract/documents.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useLanguage } from '../../app/use-language.js'
import { useServices } from '../../app/services.js'
import { useWorkspace } from '../../app/workspace.js'
import { formatMoment } from '../../components/format-moment.js'
import { IconButton } from '../../components/icon-button.js'
import { formatSize } from './format-size.js'
import { ProgressBar } from './progress-bar.js'
import { useStateText } from './use-state-text.js'

/** Who may read it: words, or for administrators a choice. */
function Audience({ document }: { document: UploadedDocument }) {
  const { t } = useTranslation()
  const { documents } = useWorkspace()
  const { session } = useServices()
  const isAdministrator = useStore(session.state, (state) => state.signedIn?.user.role === 'admin')
  const attempt = useAttempt()
  const id = useId()
  const { audience, document_id: documentId } = document
  if (!isAdministrator || audience === 'owner') return <span className="rounded-md border border-line px-2 py-0.5 text-sm text-soft">{t(`documents.audience.${audience}`)}</span>
  return (
    <>
      <label htmlFor={id} className="sr-only">
        {t('documents.audience_of', { title: document.title })}
      </label>
      <select
        id={id}
        data-testid="document-audience"
        value={audience}
        onChange={(event) => void attempt(() => documents.setAudience(documentId, event.target.value === 'public' ? 'public' : 'ward'))}
        className="touch rounded-xl border border-line-strong bg-raised px-3 text-sm"
      >
        <option value="ward">{t('documents.audience.ward')}</option>
        <option value="public">{t('documents.audience.public')}</option>
      </select>
    </>
  )
}

/** A document of the device. */
export function DocumentRow({ document, onOpen, onRemove }: { document: UploadedDocument; onOpen: () => void; onRemove: () => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const stateText = useStateText()
  const { title, file_name: fileName, format, page_count: pageCount, pages_without_text: emptyPages, size_bytes: size, state, progress } = document
  const Icon = format === 'csv' ? FileSpreadsheet : FileText
  const isReadable = state === 'ready' || state === 'indexing'
  const facts = [
    format ? t(`documents.format.${format}`) : null,
    pageCount === null ? null : t('documents.pages', { count: pageCount }),
    formatSize(size, language),
    formatMoment(document.created_at, language),
    document.added_by,
  ].filter((fact) => fact !== null)
  const facing = <Icon aria-hidden className="mt-0.5 size-6 shrink-0 text-primary" />
  return (
    <li data-testid="document" className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-line bg-surface p-4 sm:flex-nowrap">
      <div className="flex min-w-0 flex-1 basis-64 items-start gap-3">
        {facing}
        <div className="flex min-w-0 flex-1 flex-col gap-0.5">
          {isReadable ? (
            <button type="button" data-testid="open-document" onClick={onOpen} lang={document.lang ?? undefined} className="-my-1 rounded-md py-1 text-left font-medium wrap-anywhere text-primary hover:underline">
              {title}
            </button>
          ) : (
            <p className="font-medium wrap-anywhere">{title}</p>
          )}
          {fileName !== title && <p className="text-sm wrap-anywhere text-soft">{fileName}</p>}
          <p className="text-sm text-soft">{facts.join(` ${t('common.dot')} `)}</p>
          {document.source === 'watch_folder' && (
            <p className="flex items-center gap-1.5 text-sm text-soft">
              <FolderSync aria-hidden className="size-4" />
              {t('documents.from_folder')}
            </p>
          )}
          {emptyPages > 0 && <p className="text-sm text-caution">{t('documents.empty_pages', { count: emptyPages })}</p>}
          {state !== 'ready' && (
            <div className="mt-1 flex flex-col gap-1.5">
              <p className="text-sm text-soft">{stateText(state, Math.round(progress * 100), progress > 0 && state === 'indexing' ? 100 : 0)}</p>
              <ProgressBar label={t('documents.progress', { name: title })} share={progress > 0 ? progress : null} />
            </div>
          )}
        </div>
      </div>
      <div className="ml-auto flex items-center gap-1">
        <Audience document={document} />
        {document.can_remove && (
          <IconButton label={t('documents.remove_title', { title })} data-testid="remove-document" icon={<Trash2 aria-hidden className="size-5" />} onClick={onRemove} />
        )}
      </div>
    </li>
  )
}
