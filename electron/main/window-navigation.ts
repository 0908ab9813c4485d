import { shell, type BrowserWindow } from 'electron'
import { isAppUrl } from './app-origin.js'
import { isAllowedLink } from './external-links.js'

/** Keeps the window on the app's own page. Sources open in the person's browser, by allow-list, and nowhere on a kiosk. */
export function confineNavigation(window: BrowserWindow, { kiosk }: { kiosk: boolean }): void {
  const contents = window.webContents
  contents.setWindowOpenHandler(({ url }) => {
    if (!kiosk && isAllowedLink(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
  const refuse = (event: { url: string; preventDefault: () => void }): void => {
    if (!isAppUrl(event.url)) event.preventDefault()
  }
  contents.on('will-navigate', refuse)
  contents.on('will-frame-navigate', refuse)
  contents.on('will-redirect', refuse)
  contents.on('will-attach-webview', (event) => event.preventDefault())
}
