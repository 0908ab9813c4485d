import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useAnnounce } from '../../app/announcer.js'
import { useLanguage } from '../../app/use-language.js'
import { TriageCard } from '../emergency/triage-card.js'
import { SourceCards } from '../sources/source-cards.js'
import { AnswerFrame } from './answer-frame.js'
import { completedSentences } from './completed-sentences.js'
import { Markdown } from './markdown.js'
import type { Activity } from './thread.js'

/** The answer while it is written. Screen readers hear it by whole sentences. */
export function LiveAnswerMessage({ activity }: { activity: Activity }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const announce = useAnnounce()
  const { live, triage, sources, fallbackFrom, withheld } = activity
  const read = useRef({ messageId: '', length: 0 })
  const text = live?.text ?? ''
  const messageId = live?.messageId ?? ''
  useEffect(() => {
    if (read.current.messageId !== messageId) read.current = { messageId, length: 0 }
    const { sentences, length } = completedSentences(text, read.current.length)
    read.current.length = length
    for (const sentence of sentences) announce(sentence)
  }, [text, messageId, announce])

  const alarming = triage && triage.level !== 'routine'
  return (
    <AnswerFrame language={language}>
      {alarming && <TriageCard finding={triage} alert />}
      {text !== '' && !(triage?.level === 'emergency' && live?.provider === null) && <Markdown text={text} sources={sources} />}
      {text === '' && (
        <p data-testid="thinking" role="status" className="flex items-center gap-2.5 text-soft">
          <span aria-hidden className="animate-breathe size-2.5 rounded-full bg-primary" />
          {withheld ? t('guard.replacing') : fallbackFrom ? t('chat.fallback', { provider: t(`provider.${fallbackFrom}`) }) : sources.length > 0 ? t('chat.reading') : t('chat.thinking')}
        </p>
      )}
      {sources.length > 0 && text !== '' && <SourceCards sources={sources} />}
    </AnswerFrame>
  )
}
