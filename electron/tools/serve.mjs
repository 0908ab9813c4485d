/** `npm run serve -- [--port N] [--data DIR] [--kiosk]`: the app on this machine's loopback address, for a browser. */
import { withAbsoluteDataFolder } from './command-line.mjs'
import { isEntry, runEntry } from './entry.mjs'
import { inProject } from './project.mjs'
import { runApp } from './run-app.mjs'
import { setUp } from './setup.mjs'

/**
 * Builds and serves until it is ended.
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function serve(args) {
  const { ensureBuilt } = await import('./build.mjs')
  await ensureBuilt({ only: ['backend', 'renderer', 'prepared-database'] })
  return runApp(process.execPath, [inProject('dist', 'backend', 'serve.js'), ...withAbsoluteDataFolder(args)])
}

if (isEntry(import.meta.url)) {
  await runEntry(async () => {
    await setUp({ window: false })
    return serve(process.argv.slice(2))
  })
}
