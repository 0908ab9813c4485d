import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../shared/contract/conversations.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { Dialog } from '../../components/dialog.js'
import { FormError } from '../../components/form-error.js'
import { TextField } from '../../components/text-field.js'
import { useSubmit } from '../../components/use-submit.js'

/** Longest title, in characters; the contract's. */
const longestTitle = 200

/** Gives a conversation another title. */
export function RenameDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation()
  const { conversations } = useWorkspace()
  const [title, setTitle] = useState(conversation.title ?? '')
  const form = useSubmit(async () => {
    await conversations.rename(conversation.conversation_id, title.trim())
    onClose()
  })
  return (
    <Dialog open onClose={onClose} title={t('conversations.rename')} testId="rename-dialog">
      <form onSubmit={form.submit} className="flex flex-col gap-5">
        <FormError error={form.error} />
        <TextField label={t('conversations.new_title')} name="title" maxLength={longestTitle} value={title} onValue={setTitle} autoComplete="off" />
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" tone="primary" busy={form.busy} disabled={title.trim() === ''} data-testid="submit">
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
