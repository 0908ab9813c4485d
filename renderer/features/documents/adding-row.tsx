import { CircleAlert, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLanguage } from '../../app/use-language.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { IconButton } from '../../components/icon-button.js'
import { useErrorText } from '../../components/use-error-text.js'
import type { Adding } from './documents-store.js'
import { formatSize } from './format-size.js'
import { ProgressBar } from './progress-bar.js'
import { useStateText } from './use-state-text.js'

/** A file on its way in, or the reason why it was not taken in. */
export function AddingRow({ adding }: { adding: Adding }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { documents } = useWorkspace()
  const texts = useErrorText()
  const stateText = useStateText()
  const { key, fileName, sizeBytes, state, done, total, failure } = adding
  if (failure) {
    return (
      <li data-testid="document-failed" className="flex items-start gap-3 rounded-xl border border-danger bg-danger-soft p-4">
        <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
        <div className="min-w-0 flex-1">
          <p className="font-medium wrap-anywhere">{fileName}</p>
          <p className="text-danger">{texts.ofCode(failure)}</p>
        </div>
        <IconButton label={t('documents.dismiss', { name: fileName })} data-testid="dismiss-document" icon={<X aria-hidden className="size-5" />} onClick={() => documents.dismiss(key)} />
      </li>
    )
  }
  const text = stateText(state, done, total)
  return (
    <li data-testid="document-adding" className="flex items-center gap-3 rounded-xl border border-line bg-surface p-4">
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <p className="font-medium wrap-anywhere">{fileName}</p>
        <p className="text-sm text-soft">
          {formatSize(sizeBytes, language)} {t('common.dot')} {text}
        </p>
        <ProgressBar label={t('documents.progress', { name: fileName })} share={total > 0 ? done / total : null} />
      </div>
      <Button data-testid="cancel-document" onClick={() => documents.cancel(key)}>
        {t('common.cancel')}
      </Button>
    </li>
  )
}
