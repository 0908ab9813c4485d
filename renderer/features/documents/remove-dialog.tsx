import { useTranslation } from 'react-i18next'
import type { UploadedDocument } from '../../../shared/contract/documents.js'
import { useServices } from '../../app/services.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { Dialog } from '../../components/dialog.js'
import { FormError } from '../../components/form-error.js'
import { useSubmit } from '../../components/use-submit.js'

/** Asks before a document is erased: it cannot be brought back. */
export function RemoveDialog({ document, onClose }: { document: UploadedDocument; onClose: () => void }) {
  const { t } = useTranslation()
  const { documents } = useWorkspace()
  const { toasts } = useServices()
  const form = useSubmit(async () => {
    await documents.remove(document.document_id)
    toasts.show({ text: t('documents.removed', { title: document.title }) })
    onClose()
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('documents.remove_question')}
      description={t('documents.remove_text', { title: document.title })}
      testId="remove-dialog"
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button tone="danger" busy={form.busy} onClick={() => form.submit()} data-testid="confirm-remove">
            {t('documents.remove')}
          </Button>
        </>
      }
    >
      <FormError error={form.error} />
    </Dialog>
  )
}
