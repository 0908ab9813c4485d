import { ArrowLeft, Files } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { DocumentAudience, UploadedDocument } from '../../../shared/contract/documents.js'
import { useAnnounce } from '../../app/announcer.js'
import { useAttempt } from '../../app/use-attempt.js'
import { useLanguage } from '../../app/use-language.js'
import { useServices } from '../../app/services.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { IconButton } from '../../components/icon-button.js'
import { Notice } from '../../components/notice.js'
import { Segments } from '../../components/segments.js'
import { useErrorText } from '../../components/use-error-text.js'
import { AddingRow } from './adding-row.js'
import { DocumentRow } from './document-row.js'
import { DropZone } from './drop-zone.js'
import { RemoveDialog } from './remove-dialog.js'

/** Pause between two looks at the list, in ms: at rest, and while something is on its way. */
const restingMs = 20_000
const changingMs = 2_000

/** Keeps the list fresh: other people and the watch folder add documents too. */
function useFreshList(): () => void {
  const { documents } = useWorkspace()
  const { connection } = useServices()
  const attempt = useAttempt()
  const connected = useStore(connection, (state) => state.status === 'connected')
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (!connected) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let ended = false
    const look = async (): Promise<void> => {
      await attempt(() => documents.load())
      if (ended) return
      const changing = documents.getState().documents.some(({ state }) => state !== 'ready')
      timer = setTimeout(() => void look(), changing ? changingMs : restingMs)
    }
    void look()
    return () => {
      ended = true
      clearTimeout(timer)
    }
  }, [documents, attempt, connected, round])
  return () => setRound((before) => before + 1)
}

/** Adding, listing and removing the documents that answers are made from. */
export function DocumentsScreen({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const announce = useAnnounce()
  const texts = useErrorText()
  const { toasts } = useServices()
  const { documents: store, sources } = useWorkspace()
  const { documents, adding, status, watchedFolder } = useStore(store)
  const [audience, setAudience] = useState<DocumentAudience>('ward')
  const [removing, setRemoving] = useState<UploadedDocument | null>(null)
  const look = useFreshList()
  const onTheWay = new Set(adding.map((one) => one.documentId))
  const shown = documents.filter((document) => !onTheWay.has(document.document_id))

  const open = (document: UploadedDocument): void =>
    void sources.show({ document_id: document.document_id, title: document.title, lang: document.lang ?? language, passage: '', score: 0, start: 0, end: 0 }, null)
  const add = async (file: File): Promise<void> => {
    const outcome = await store.add(file, audience)
    if (outcome.type === 'added') announce(t('documents.added', { title: outcome.document.title }))
    if (outcome.type === 'failed') announce(t('documents.not_added', { name: file.name, reason: texts.ofCode(outcome.code) }))
    if (outcome.type === 'duplicate') {
      toasts.show({ text: t('documents.duplicate', { title: outcome.document.title }), durationMs: 8000 })
      open(outcome.document)
    }
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex items-center gap-1 border-b border-line px-2 py-2 sm:px-4">
        <IconButton label={t('common.back')} data-testid="back" icon={<ArrowLeft aria-hidden className="size-5.5" />} onClick={onBack} />
        <h1 className="px-2 text-lg font-semibold">{t('documents.title')}</h1>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-5 p-4 sm:p-6">
          <Notice tone="caution">{t('documents.privacy')}</Notice>
          <div className="flex flex-wrap items-center gap-3">
            <p className="font-medium" aria-hidden>
              {t('documents.audience_new')}
            </p>
            <Segments
              label={t('documents.audience_new')}
              value={audience}
              options={[
                { value: 'ward', label: t('documents.audience.ward'), testId: 'add-for-ward' },
                { value: 'owner', label: t('documents.audience.owner'), testId: 'add-for-me' },
              ]}
              onValue={setAudience}
            />
          </div>
          <DropZone onFiles={(files) => files.forEach((file) => void add(file))} />
          {watchedFolder.state === 'missing' && <Notice tone="problem">{t('documents.folder_missing')}</Notice>}
          {watchedFolder.problems.length > 0 && (
            <section aria-label={t('documents.folder_problems')} className="flex flex-col gap-2">
              <h2 className="font-serif text-xl font-semibold">{t('documents.folder_problems')}</h2>
              <ul className="flex flex-col gap-2">
                {watchedFolder.problems.map(({ file_name: name, code }) => (
                  <li key={name} data-testid="folder-problem" className="rounded-xl border border-danger bg-danger-soft p-4">
                    <p className="font-medium wrap-anywhere">{name}</p>
                    <p className="text-danger">{texts.ofCode(code)}</p>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {adding.length + shown.length > 0 && (
            <ul aria-label={t('documents.title')} className="flex flex-col gap-2.5">
              {adding.map((one) => (
                <AddingRow key={one.key} adding={one} />
              ))}
              {shown.map((document) => (
                <DocumentRow key={document.document_id} document={document} onOpen={() => open(document)} onRemove={() => setRemoving(document)} />
              ))}
            </ul>
          )}
          {status === 'failed' && (
            <div className="flex flex-col items-start gap-3">
              <p>{t('documents.failed')}</p>
              <Button onClick={look}>{t('common.try_again')}</Button>
            </div>
          )}
          {(status === 'idle' || status === 'loading') && <p role="status">{t('common.loading')}</p>}
          {status === 'ready' && adding.length + shown.length === 0 && (
            <div data-testid="no-documents" className="flex flex-col items-center gap-2 px-4 py-10 text-center text-soft">
              <Files aria-hidden className="size-10" />
              <p className="font-medium text-ink">{t('documents.empty')}</p>
              <p className="max-w-md">{t('documents.empty_text')}</p>
            </div>
          )}
        </div>
      </div>
      {removing && <RemoveDialog document={removing} onClose={() => setRemoving(null)} />}
    </div>
  )
}
