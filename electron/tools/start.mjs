/** `npm start [-- --data DIR] [--kiosk]`: the desktop app; where no window can be shown, the same app is served on loopback. */
import { servedArguments, withAbsoluteDataFolder } from './command-line.mjs'
import { findDisplay } from './display.mjs'
import { runEntry } from './entry.mjs'
import { projectFolder } from './project.mjs'
import { runApp } from './run-app.mjs'
import { serve } from './serve.mjs'
import { missingLibraries, setUp } from './setup.mjs'

await runEntry(async () => {
  const args = withAbsoluteDataFolder(process.argv.slice(2))
  const display = await findDisplay()
  await setUp({ window: display !== null })
  // It imports packages from node_modules, which are there only now.
  const { findElectron } = await import('./find-electron.mjs')
  const electron = findElectron()
  const obstacle = await whyNoWindow(display, electron)
  if (obstacle) {
    process.stdout.write(`${obstacle}: no window can be shown, so the app is served for a browser on this machine.\n`)
    return serve(servedArguments(args))
  }
  const { ensureBuilt } = await import('./build.mjs')
  await ensureBuilt()
  const switches = [
    // Chromium refuses to sandbox for root. This is the development start; the packaged app never passes it.
    ...(process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : []),
    ...(display === 'wayland' ? ['--ozone-platform=wayland'] : []),
  ]
  return runApp(electron.executable, [...switches, projectFolder, ...args])
})

async function whyNoWindow(display, electron) {
  if (display === null) return 'There is no display'
  if (!electron) return 'Electron is not here'
  const missing = await missingLibraries()
  return missing.length > 0 ? `Electron needs ${missing.join(', ')}` : null
}
