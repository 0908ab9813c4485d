import clsx from 'clsx'
import { FileUp } from 'lucide-react'
import { useEffect, useId, useRef, useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.js'

const accepted = '.pdf,.docx,.txt,.md,.markdown,.html,.htm,.csv,.tsv'

/** Where files are dropped or chosen, several at once. */
export function DropZone({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  const [over, setOver] = useState(false)
  useEffect(() => {
    // A file that misses the zone would be opened in place of the app.
    const keepOut = (event: Event): void => event.preventDefault()
    window.addEventListener('dragover', keepOut)
    window.addEventListener('drop', keepOut)
    return () => {
      window.removeEventListener('dragover', keepOut)
      window.removeEventListener('drop', keepOut)
    }
  }, [])
  const drag = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    setOver(true)
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    onFiles([...event.dataTransfer.files])
  }
  return (
    <div
      data-testid="drop-zone"
      role="presentation"
      onDragEnter={drag}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={clsx('rounded-2xl border-2 border-dashed p-6 transition-colors', over ? 'border-primary bg-primary-soft' : 'border-line-strong bg-surface')}
    >
      <div role="group" aria-labelledby={id} className="flex flex-col items-center gap-3 text-center">
        <FileUp aria-hidden className="size-8 text-primary" />
        <p id={id} className="font-medium">
          {t('documents.drop')}
        </p>
        <Button tone="primary" data-testid="choose-files" onClick={() => input.current?.click()}>
          {t('documents.choose_files')}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          accept={accepted}
          tabIndex={-1}
          aria-hidden
          data-testid="file-input"
          className="sr-only"
          onChange={(event) => {
            onFiles([...(event.target.files ?? [])])
            // The same file can be chosen again after it was mended.
            event.target.value = ''
          }}
        />
        <p className="text-sm text-soft">{t('documents.limits')}</p>
      </div>
    </div>
  )
}
