import { Check, LoaderCircle, X } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { maximumAudioSeconds } from '../../../shared/contract/voice.js'
import { useAnnounce } from '../../app/announcer.js'
import { useServices } from '../../app/services.js'
import { useWorkspace } from '../../app/workspace.js'
import { Button } from '../../components/button.js'
import { IconButton } from '../../components/icon-button.js'
import { Notice } from '../../components/notice.js'
import { useErrorText } from '../../components/use-error-text.js'
import type { VoiceProblem } from './voice-store.js'

/** From how many seconds left on the time is shown as pressing. */
const pressing = 30
/** Ordinary speech stands at a tenth of full loudness: the meter is full a little above it. */
const meterGain = 5

/** What goes on with the voice, above the composer: the recording under way, its text being made, what was understood, what went wrong. */
export function VoiceBar({ conversationKey }: { conversationKey: string }) {
  const { t } = useTranslation()
  const { voice } = useWorkspace()
  const announce = useAnnounce()
  const { phase, key, problem, heard } = useStore(voice)
  const speaking = phase !== 'idle' && key === conversationKey

  useEffect(() => {
    if (!speaking) return
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      voice.cancel()
      announce(t('voice.cancelled'))
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [speaking, voice, announce, t])
  useEffect(() => {
    if (phase === 'recording') announce(t('voice.recording_said'))
    else if (phase === 'working') announce(t('voice.working'))
  }, [phase, announce, t])
  const toRead = heard?.key === conversationKey
  useEffect(() => {
    // On a touch screen the focus would open the on-screen keyboard over what is to be read.
    if (toRead && window.matchMedia('(pointer: fine)').matches) document.querySelector<HTMLElement>('[data-composer]')?.focus()
  }, [toRead])
  // Another conversation, another screen: nobody sees any more that the microphone is open.
  useEffect(() => () => voice.cancel(), [conversationKey, voice])

  if (speaking && phase === 'recording') return <RecordingBar />
  if (speaking) return <WaitingBar text={phase === 'opening' ? t('voice.opening') : t('voice.working')} />
  if (problem) return <Dismissable tone="problem" testId="voice-problem"><ProblemText problem={problem} /></Dismissable>
  if (heard && toRead) {
    const foreign = heard.language !== null && heard.language !== 'en' && heard.language !== 'fr'
    return (
      <Dismissable tone={heard.unsure || foreign ? 'caution' : 'information'} testId="voice-heard">
        {foreign ? t('voice.heard_foreign', { language: heard.language }) : heard.unsure ? t('voice.heard_unsure') : t('voice.heard')}
      </Dismissable>
    )
  }
  return null
}

function Bar({ children, testId }: { children: ReactNode; testId: string }) {
  return (
    <div data-testid={testId} className="mb-2 flex items-center gap-3 rounded-2xl border border-line-strong bg-raised py-2 pr-2 pl-4 shadow-card">
      {children}
    </div>
  )
}

function RecordingBar() {
  const { t } = useTranslation()
  const { voice } = useWorkspace()
  const startedAt = useStore(voice, (state) => state.startedAt)
  const [left, setLeft] = useState(maximumAudioSeconds)
  const meter = useRef<HTMLDivElement>(null)
  const done = useRef<HTMLButtonElement>(null)
  useEffect(() => done.current?.focus(), [])
  useEffect(() => {
    let frame = 0
    const draw = (): void => {
      if (meter.current) meter.current.style.transform = `scaleX(${Math.min(1, voice.level() * meterGain).toFixed(3)})`
      setLeft(Math.max(0, Math.ceil(maximumAudioSeconds - (Date.now() - startedAt) / 1000)))
      frame = requestAnimationFrame(draw)
    }
    frame = requestAnimationFrame(draw)
    return () => cancelAnimationFrame(frame)
  }, [voice, startedAt])
  return (
    <Bar testId="voice-recording">
      <span aria-hidden className="animate-breathe size-3 shrink-0 rounded-full bg-danger-ground" />
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <p className="flex flex-wrap items-baseline justify-between gap-x-3">
          <span className="font-medium">{t('voice.recording')}</span>
          <span data-testid="voice-left" className={left <= pressing ? 'text-sm font-semibold text-danger tabular-nums' : 'text-sm text-soft tabular-nums'}>
            {t('voice.left', { time: `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` })}
          </span>
        </p>
        <div aria-hidden className="h-2 overflow-hidden rounded-full bg-sunken">
          <div ref={meter} data-testid="voice-level" className="h-full origin-left scale-x-0 rounded-full bg-primary" />
        </div>
      </div>
      <IconButton label={t('voice.cancel')} data-testid="voice-cancel" icon={<X aria-hidden className="size-5.5" />} onClick={() => voice.cancel()} />
      <Button ref={done} tone="primary" data-testid="voice-done" icon={<Check aria-hidden className="size-5" />} onClick={() => void voice.finish()}>
        {t('voice.done')}
      </Button>
    </Bar>
  )
}

function WaitingBar({ text }: { text: string }) {
  const { t } = useTranslation()
  const { voice } = useWorkspace()
  return (
    <Bar testId="voice-working">
      <LoaderCircle aria-hidden className="size-5 shrink-0 animate-spin text-primary" />
      <p className="min-w-0 flex-1">{text}</p>
      <IconButton label={t('voice.cancel')} data-testid="voice-cancel" icon={<X aria-hidden className="size-5.5" />} onClick={() => voice.cancel()} />
    </Bar>
  )
}

function Dismissable({ tone, testId, children }: { tone: 'problem' | 'caution' | 'information'; testId: string; children: ReactNode }) {
  const { t } = useTranslation()
  const { voice } = useWorkspace()
  return (
    <div className="mb-2">
      <Notice tone={tone} alert testId={testId}>
        <div className="flex items-start gap-3">
          <div className="min-w-0 flex-1">{children}</div>
          <IconButton plain label={t('common.close')} data-testid="voice-dismiss" icon={<X aria-hidden className="size-5" />} onClick={() => voice.dismiss()} className="-my-2.5 -mr-2.5" />
        </div>
      </Notice>
    </div>
  )
}

/** What went wrong, and what the person can do about it. */
function ProblemText({ problem }: { problem: VoiceProblem }) {
  const { t } = useTranslation()
  const texts = useErrorText()
  const kiosk = useStore(useServices().device, (state) => state.info?.kiosk === true)
  if (problem.kind === 'refused') return texts.ofError(problem.error)
  return (
    <>
      <p className="font-medium">{t(`voice.microphone.${problem.problem}`)}</p>
      <p>{kiosk ? t('voice.microphone.kiosk') : t(`voice.microphone.${problem.problem}_help`)}</p>
    </>
  )
}
