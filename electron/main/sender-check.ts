import { isAppUrl } from './app-origin.js'

/** The part of Electron's WebFrameMain that tells who is asking. */
export interface Frame {
  readonly url: string
  readonly processId: number
  readonly routingId: number
}

/** Whether a message comes from the window's main frame, showing a page of the app. A frame that is gone comes as null. */
export function isTrustedSender(sender: Frame | null, mainFrame: Frame): boolean {
  return sender !== null && sender.processId === mainFrame.processId && sender.routingId === mainFrame.routingId && isAppUrl(sender.url)
}
