/** Makes the one window: sandboxed, confined to the app's page, at the place where it was left. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { BrowserWindow, nativeTheme, screen } from 'electron'
import { isBlockedOnKiosk } from './kiosk-keys.js'
import { placeWindow, readBounds, smallestWindow, type StoredBounds } from './window-bounds.js'
import { confineNavigation } from './window-navigation.js'

export interface MainWindowOptions {
  preload: string
  /** Folder where the window's place is kept. */
  stateFolder: string
  kiosk: boolean
  developerTools: boolean
  icon: string
}

/** The page's background in each theme, so that the first frame does not flash. */
const backgrounds = { light: '#faf7f0', dark: '#0f1817' } as const

/** The window is hidden until its page has been drawn; load the page after attaching to it. */
export function createMainWindow({ preload, stateFolder, kiosk, developerTools, icon }: MainWindowOptions): BrowserWindow {
  const boundsFile = path.join(stateFolder, 'window.json')
  const stored = kiosk ? null : readBounds(readTextIfThere(boundsFile))
  const window = new BrowserWindow({
    ...placeWindow(stored, screen.getAllDisplays().map(({ workArea }) => workArea)),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    show: false,
    title: 'CareChat',
    icon,
    kiosk,
    frame: !kiosk,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      devTools: developerTools,
    },
  })
  confineNavigation(window, { kiosk })
  window.once('ready-to-show', () => {
    if (stored?.maximized) window.maximize()
    window.show()
  })
  if (kiosk) confineKiosk(window)
  else keepPlace(window, boundsFile)
  return window
}

function confineKiosk(window: BrowserWindow): void {
  window.webContents.on('before-input-event', (event, input) => {
    if (isBlockedOnKiosk(input)) event.preventDefault()
  })
  window.webContents.on('context-menu', (event) => event.preventDefault())
  window.webContents.on('zoom-changed', (event) => event.preventDefault())
  void window.webContents.setVisualZoomLevelLimits(1, 1)
}

function keepPlace(window: BrowserWindow, file: string): void {
  window.on('close', () => {
    const place: StoredBounds = { ...window.getNormalBounds(), maximized: window.isMaximized() }
    try {
      writeFileSync(file, JSON.stringify(place))
    } catch (error) {
      // The place of a window is not worth more than a line: the next one opens at its first size.
      process.stderr.write(`${JSON.stringify({ event: 'window_place_not_kept', code: (error as NodeJS.ErrnoException).code ?? 'unknown' })}\n`)
    }
  })
}

function readTextIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
