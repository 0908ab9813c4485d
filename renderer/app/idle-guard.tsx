import { Dialog } from 'radix-ui'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { Button } from '../components/button.js'
import { useServices } from './services.js'

/** A kiosk is never left open, whatever its settings say. */
const kioskMinutes = 2
/** How long before the end the person is warned, in seconds. */
const warningSeconds = 20
const signsOfLife = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/** Signs out a person who has left: counts from the last touch, warns, then calls `onIdle` once. */
export function IdleGuard({ onIdle }: { onIdle: () => void }) {
  const { t } = useTranslation()
  const info = useStore(useServices().device, (state) => state.info)
  const minutes = info ? (info.idle_minutes > 0 ? info.idle_minutes : info.kiosk ? kioskMinutes : 0) : 0
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null)
  const idle = useRef(onIdle)
  useEffect(() => {
    idle.current = onIdle
  })

  useEffect(() => {
    if (minutes === 0) return undefined
    let deadline = Date.now() + minutes * 60_000
    const stay = (): void => {
      deadline = Date.now() + minutes * 60_000
      setSecondsLeft(null)
    }
    const timer = setInterval(() => {
      const left = Math.ceil((deadline - Date.now()) / 1_000)
      if (left <= 0) {
        clearInterval(timer)
        idle.current()
      } else if (left <= warningSeconds) setSecondsLeft(left)
    }, 500)
    for (const sign of signsOfLife) window.addEventListener(sign, stay, { capture: true, passive: true })
    return () => {
      clearInterval(timer)
      for (const sign of signsOfLife) window.removeEventListener(sign, stay, { capture: true })
    }
  }, [minutes])

  return (
    <Dialog.Root open={secondsLeft !== null}>
      <Dialog.Portal>
        <div className="fixed inset-0 z-60 bg-scrim" aria-hidden />
        <Dialog.Content
          data-testid="idle-warning"
          className="fixed top-1/2 left-1/2 z-60 flex w-[min(28rem,calc(100vw-2rem))] -translate-1/2 flex-col items-center gap-4 rounded-2xl bg-surface p-8 text-center shadow-lift outline-none"
        >
          <Dialog.Title className="font-serif text-2xl font-semibold">{t('idle.title')}</Dialog.Title>
          <p aria-hidden className="font-serif text-6xl font-semibold text-primary tabular-nums">
            {secondsLeft ?? 0}
          </p>
          <Dialog.Description className="text-soft">{t('idle.text')}</Dialog.Description>
          <Button tone="primary" large className="w-full" onClick={() => setSecondsLeft(null)}>
            {t('idle.stay')}
          </Button>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
