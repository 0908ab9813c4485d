import { NotebookText } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/icon-button.js'
import { RememberedDialog } from './remembered-dialog.js'

/** Opens what the assistant remembers of this conversation. */
export function RememberedButton({ conversationKey }: { conversationKey: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <IconButton label={t('memory.title')} data-testid="open-remembered" icon={<NotebookText aria-hidden className="size-5" />} onClick={() => setOpen(true)} />
      {open && <RememberedDialog conversationKey={conversationKey} onClose={() => setOpen(false)} />}
    </>
  )
}
