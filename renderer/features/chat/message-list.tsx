import { ArrowDown } from 'lucide-react'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAttempt } from '../../app/use-attempt.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { AnswerMessage } from './answer-message.js'
import { FailedAnswer } from './failed-answer.js'
import { LiveAnswerMessage } from './live-answer-message.js'
import { QuestionMessage, UnsavedQuestion } from './question-message.js'
import type { Thread } from './thread.js'

/** Within how many px of the end a reader counts as being at the end. */
const atEndWithin = 80
/** Within how many px of the beginning earlier messages are fetched. */
const earlierWithin = 240

/** Space above the place that an answer is read from, in px. */
const aboveStart = 16

/**
 * The messages in order. While the reader is at the end it follows the answer that is written, but only until its question, or the
 * emergency card above it, has reached the top: an answer is read from its beginning, and a warning is never scrolled out of sight. Who goes to the end by hand is followed all the way.
 */
export function MessageList({ conversationKey, thread }: { conversationKey: string; thread: Thread }) {
  const { t } = useTranslation()
  const { chat } = useWorkspace()
  const attempt = useAttempt()
  const scroller = useRef<HTMLDivElement>(null)
  const following = useRef(true)
  const readFromStart = useRef(true)
  const placed = useRef(-1)
  const distanceFromEnd = useRef(0)
  const firstShown = useRef<string | undefined>(undefined)
  const [away, setAway] = useState(false)
  const { messages, activity, hasEarlier, loadingEarlier } = thread

  const place = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const starts = element.querySelectorAll<HTMLElement>('[data-read-from]')
    const start = readFromStart.current ? starts[starts.length - 1] : undefined
    const end = element.scrollHeight - element.clientHeight
    const top = start ? start.offsetTop - aboveStart : end
    element.scrollTop = Math.min(end, top)
    placed.current = element.scrollTop
    setAway(end - element.scrollTop > atEndWithin)
  }, [])
  const follow = useCallback(
    (fromStart: boolean) => {
      following.current = true
      readFromStart.current = fromStart
      place()
    },
    [place],
  )
  const loadEarlier = (): void => {
    const element = scroller.current
    if (element) distanceFromEnd.current = element.scrollHeight - element.scrollTop
    void attempt(() => chat.loadEarlier(conversationKey))
  }
  const scrolled = (): void => {
    const element = scroller.current
    if (!element) return
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < atEndWithin
    const byHand = Math.abs(element.scrollTop - placed.current) > 2
    if (byHand) {
      following.current = atEnd
      if (atEnd) readFromStart.current = false
    }
    setAway(!atEnd)
    distanceFromEnd.current = element.scrollHeight - element.scrollTop
    if (element.scrollTop < earlierWithin && hasEarlier && !loadingEarlier) loadEarlier()
  }

  const first = messages[0]?.message_id
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const earlierCame = firstShown.current !== undefined && firstShown.current !== first && !following.current
    if (earlierCame) element.scrollTop = element.scrollHeight - distanceFromEnd.current
    else if (following.current) place()
    firstShown.current = first
  }, [messages, activity, first, thread.failure, place])

  // Asking is a wish to see the answer, wherever the reader was before.
  const asking = activity !== null
  useEffect(() => {
    if (asking) follow(true)
  }, [asking, follow])

  const failed = thread.failure !== null
  useEffect(() => {
    if (failed) follow(false)
  }, [failed, follow])

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={scroller} onScroll={scrolled} data-testid="messages" className="relative h-full overflow-y-auto px-4 sm:px-6 [overflow-anchor:none]">
        <div className="mx-auto flex w-full max-w-3xl flex-col gap-7 py-6">
          {hasEarlier && (
            <Button tone="quiet" busy={loadingEarlier} onClick={loadEarlier} className="self-center" data-testid="load-earlier">
              {t('chat.earlier')}
            </Button>
          )}
          {messages.map((message) =>
            message.role === 'user' ? (
              <QuestionMessage key={message.message_id} conversationKey={conversationKey} message={message} busy={asking} />
            ) : (
              <AnswerMessage
                key={message.message_id}
                conversationKey={conversationKey}
                message={message}
                rating={thread.ratings[message.message_id]}
                busy={asking}
              />
            ),
          )}
          {activity && activity.unsavedQuestion !== null && <UnsavedQuestion text={activity.unsavedQuestion} />}
          {activity && activity.phase !== 'saving' && <LiveAnswerMessage activity={activity} />}
          {thread.failure && !activity && <FailedAnswer conversationKey={conversationKey} failure={thread.failure} />}
        </div>
      </div>
      {away && (
        <button
          type="button"
          data-testid="jump-to-latest"
          onClick={() => follow(false)}
          aria-label={t('chat.latest')}
          className="touch animate-appear absolute right-4 bottom-3 flex items-center justify-center gap-2 rounded-full border border-line-strong bg-raised font-medium whitespace-nowrap shadow-lift sm:right-1/2 sm:translate-x-1/2 sm:px-4"
        >
          <ArrowDown aria-hidden className="size-4.5" />
          <span className="hidden sm:inline">{t('chat.latest')}</span>
        </button>
      )}
    </div>
  )
}
