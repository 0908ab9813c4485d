import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react'

interface Announcement {
  id: number
  text: string
  lang: string | undefined
}

type Announce = (text: string, lang?: string) => void

const AnnounceContext = createContext<Announce>(() => undefined)

/** How many sentences stay in the live region; older ones have been read. */
const keptSentences = 6

/** A hidden live region: what changes on the screen without the focus moving is said politely, sentence by sentence. */
export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<readonly Announcement[]>([])
  const announce = useCallback<Announce>((text, lang) => {
    setSaid((before) => [...before, { id: (before.at(-1)?.id ?? 0) + 1, text, lang }].slice(-keptSentences))
  }, [])
  const region = useMemo(
    () => (
      <div role="log" aria-live="polite" aria-relevant="additions" className="sr-only">
        {said.map(({ id, text, lang }) => (
          <p key={id} lang={lang}>
            {text}
          </p>
        ))}
      </div>
    ),
    [said],
  )
  return (
    <AnnounceContext value={announce}>
      {children}
      {region}
    </AnnounceContext>
  )
}

/** Says a sentence to people who use a screen reader. */
export function useAnnounce(): Announce {
  return useContext(AnnounceContext)
}
