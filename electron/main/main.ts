/** The desktop shell: one window, one backend process, one data folder. */
import { mkdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { app, powerMonitor, session, type BrowserWindow, type MessagePortMain } from 'electron'
import { setAppMenu } from './app-menu.js'
import { appOrigin } from './app-origin.js'
import { registerAppScheme, serveApp } from './app-protocol.js'
import { BackendHost, type BackendState } from './backend-host.js'
import { forkBackend } from './fork-backend.js'
import { KeysLockedError, KeyStore, NoKeyStoreError } from './key-store.js'
import { readLaunchOptions } from './launch-options.js'
import { createMainWindow } from './main-window.js'
import { problemAddress, type Problem } from './problem-page.js'
import { RestartDelay } from './restart-delay.js'
import { guardSession } from './session-guard.js'
import { systemSealer } from './system-sealer.js'
import { refusedSwitches } from './unsafe-switches.js'
import { WindowPort } from './window-port.js'

/** The code: the project, or the package's archive. */
const projectFolder = app.getAppPath()
/** What the backend reads by path, native code included: the project, or what the package keeps beside its archive. */
const resourcesFolder = app.isPackaged ? `${projectFolder}.unpacked` : projectFolder
const options = readLaunchOptions(process.argv.slice(1), process.cwd())
// A development start does not touch the data of the installed app.
const dataFolder = options.dataFolder ?? path.join(app.getPath('appData'), app.isPackaged ? 'CareChat' : 'CareChat-development')
let window: BrowserWindow | null = null
let host: BackendHost<MessagePortMain> | null = null
let backendEnded = false

const refused = refusedSwitches({ argv: process.argv, packaged: app.isPackaged, environment: process.env, dataFolder: options.dataFolder, temporaryFolder: os.tmpdir() })
if (refused.length > 0) {
  process.stderr.write(`CareChat does not start with ${refused.join(', ')}.\n`)
  app.exit(2)
} else {
  prepare()
  if (app.requestSingleInstanceLock()) void app.whenReady().then(open)
  else {
    process.stderr.write('CareChat is already open on this data folder; its window was brought to the front.\n')
    app.exit(0)
  }
}

/** Everything that Electron wants before it is ready. */
function prepare(): void {
  mkdirSync(path.join(dataFolder, 'window'), { recursive: true, mode: 0o700 })
  // Chromium's own files have a folder of their own beside the database; the single-instance lock goes by it, one for each data folder.
  app.setPath('userData', path.join(dataFolder, 'window'))
  app.setPath('sessionData', path.join(dataFolder, 'window'))
  // Asking for the sandbox takes --no-sandbox away again, and root cannot start with one: the development start passes it there.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  registerAppScheme()
  app.on('second-instance', bringToFront)
  app.on('activate', bringToFront)
  app.on('window-all-closed', () => app.quit())
  app.on('web-contents-created', (_event, contents) => contents.on('will-attach-webview', (event) => event.preventDefault()))
  app.on('will-quit', stopBackendFirst)
}

async function open(): Promise<void> {
  const { kiosk } = options
  const developerTools = !app.isPackaged && !kiosk
  guardSession(session.defaultSession, { kiosk })
  serveApp(session.defaultSession, path.join(projectFolder, 'dist', 'renderer'))
  setAppMenu({ locale: app.getLocale(), kiosk, developerTools })
  window = createMainWindow({
    preload: path.join(projectFolder, 'dist', 'main', 'preload.cjs'),
    stateFolder: app.getPath('userData'),
    kiosk,
    developerTools,
    icon: path.join(projectFolder, 'resources', 'icons', 'icon.png'),
  })
  const keys = await openKeys()
  if (typeof keys === 'string') {
    await loadPage(window, problemAddress(keys))
    return
  }
  startBackend(window, keys)
  reviveWindow(window)
  await loadPage(window, `${appOrigin}/`)
}

/** Loads a page of the app. That another load took its place, such as a reload while the first was under way, is no failure. */
async function loadPage(target: BrowserWindow, address: string): Promise<void> {
  try {
    await target.loadURL(address)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ABORTED') throw error
  }
}

/** The keys, or why there are none. */
async function openKeys(): Promise<KeyStore | Problem> {
  try {
    return await KeyStore.open({
      folder: dataFolder,
      system: systemSealer(),
      fileAllowed: !app.isPackaged || process.env['CARECHAT_KEY_STORE'] === 'file',
    })
  } catch (error) {
    if (error instanceof NoKeyStoreError) return 'no_key_store'
    if (error instanceof KeysLockedError) return 'keys_locked'
    throw error
  }
}

function startBackend(target: BrowserWindow, keys: KeyStore): void {
  const started = new BackendHost<MessagePortMain>({
    fork: () => forkBackend(path.join(projectFolder, 'dist', 'backend', 'process.js')),
    keys,
    start: { dataFolder, resourcesFolder, version: app.getVersion(), mode: 'desktop', kiosk: options.kiosk, keyStoreMode: keys.mode },
    onState: (state) => {
      port.close()
      show(state)
    },
    onEvent: (event, details) => process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...details })}\n`),
  })
  const port = new WindowPort(target, started)
  const show = (state: BackendState): void => {
    if (state === 'folder_in_use' || state === 'folder_newer') void loadPage(target, problemAddress(state))
    else if (state !== 'stopped') port.announce(state)
  }
  host = started
  powerMonitor.on('lock-screen', () => port.lock())
  powerMonitor.on('suspend', () => port.lock())
  started.start()
}

/** A page whose process died is loaded again, with growing pauses when it keeps dying. */
function reviveWindow(target: BrowserWindow): void {
  const delay = new RestartDelay()
  let loadedAt = performance.now()
  target.webContents.on('did-finish-load', () => (loadedAt = performance.now()))
  target.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    setTimeout(() => {
      if (!target.isDestroyed()) target.webContents.reload()
    }, delay.next(performance.now() - loadedAt))
  })
}

function bringToFront(): void {
  if (!window || window.isDestroyed()) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** The backend closes its database before the app ends. */
function stopBackendFirst(event: { preventDefault: () => void }): void {
  if (!host || backendEnded) return
  event.preventDefault()
  void host.stop().then(() => {
    backendEnded = true
    // Not within this event: a request to quit would be dropped there.
    setImmediate(() => app.quit())
  })
}
