import type { Page } from '@playwright/test'

export const targets = ['desktop', 'browser', 'packaged'] as const
export type Target = (typeof targets)[number]

export interface StartOptions {
  /** Absolute; below the system's temporary folder. */
  dataFolder: string
  /** Added to an environment without any provider's key. */
  environment?: Readonly<Record<string, string>>
  kiosk?: boolean
  /** A WAV file that is heard whenever the microphone is opened, once; `none` is a window that may not open it. Without it there is a beeping one. */
  microphone?: string
}

/** A running CareChat and its window, whichever way it was started. */
export interface App {
  readonly target: Target
  readonly page: Page
  readonly dataFolder: string
  /** Ends the backend process at once, as a crash would; where nothing starts it again by itself, `restoreBackend` has to. */
  killBackend(): Promise<void>
  /** Starts the backend again at its address where the target has nobody else to do so. */
  restoreBackend(): Promise<void>
  /** Ends every process of the app at once, as a power cut would. */
  kill(): Promise<void>
  /** Ends the app in order. */
  stop(): Promise<void>
  /** What the app wrote to its standard error. */
  errors(): string
}
