import { FileCode2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { ChatMessage } from '../../../shared/contract/conversations.js'
import type { OutputOf } from '../../../shared/contract/contract.js'
import { ContractError, type ErrorCode } from '../../../shared/contract/errors.js'
import { useServices } from '../../app/services.js'
import { Dialog } from '../../components/dialog.js'
import { IconButton } from '../../components/icon-button.js'
import { Notice } from '../../components/notice.js'
import { useErrorText } from '../../components/use-error-text.js'

function SentPromptDialog({ messageId, onClose }: { messageId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { client } = useServices()
  const texts = useErrorText()
  const [prompt, setPrompt] = useState<OutputOf<'memory.prompt'> | null>(null)
  const [failure, setFailure] = useState<ErrorCode | null>(null)
  useEffect(() => {
    let shown = true
    client.memory.prompt({ message_id: messageId }).then(
      (loaded) => shown && setPrompt(loaded),
      (error: unknown) => {
        if (!(error instanceof ContractError)) throw error
        if (shown) setFailure(error.code)
      },
    )
    return () => {
      shown = false
    }
  }, [client, messageId])
  return (
    <Dialog open onClose={onClose} title={t('memory.prompt.title')} description={t('memory.prompt.lead')} testId="sent-prompt">
      {failure && <Notice tone="information">{failure === 'not_found' ? t('memory.prompt.not_kept') : texts.ofCode(failure)}</Notice>}
      {!prompt && !failure && <p role="status">{t('common.loading')}</p>}
      {prompt?.messages.map((message, index) => (
        <section key={index}>
          <h3 className="text-sm font-semibold text-soft">{t(`memory.prompt.role.${message.role}`)}</h3>
          <pre className="mt-1 rounded-xl border border-line bg-sunken p-3 font-mono text-sm whitespace-pre-wrap [overflow-wrap:anywhere]">{message.content}</pre>
        </section>
      ))}
    </Dialog>
  )
}

/** For staff, at an answer of a model: the prompt as it was sent. */
export function SentPromptButton({ message }: { message: ChatMessage }) {
  const { t } = useTranslation()
  const { session } = useServices()
  const role = useStore(session.state, (state) => state.signedIn?.user.role)
  const [open, setOpen] = useState(false)
  if ((role !== 'nurse' && role !== 'admin') || message.message_metadata.answered_by !== 'provider') return null
  return (
    <>
      <IconButton label={t('memory.prompt.title')} data-testid="open-prompt" icon={<FileCode2 aria-hidden className="size-4.5" />} onClick={() => setOpen(true)} />
      {open && <SentPromptDialog messageId={message.message_id} onClose={() => setOpen(false)} />}
    </>
  )
}
