import { useTranslation } from 'react-i18next'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { useErrorText } from '../../components/use-error-text.js'
import type { Thread } from './thread.js'

/** Says what became of a question that has no answer, and offers the next step. */
export function FailedAnswer({ conversationKey, failure }: { conversationKey: string; failure: NonNullable<Thread['failure']> }) {
  const { t } = useTranslation()
  const { chat } = useWorkspace()
  const texts = useErrorText()
  return (
    <Notice tone="problem" alert testId="answer-failed">
      <p>{texts.ofCode(failure.code)}</p>
      <p>{failure.questionKept ? t('chat.question_kept') : t('chat.question_returned')}</p>
      <Button className="mt-3" data-testid="answer-again" onClick={() => void (failure.questionKept ? chat.answerAgain(conversationKey) : chat.send(conversationKey))}>
        {t('common.try_again')}
      </Button>
    </Notice>
  )
}
