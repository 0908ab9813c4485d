/** `npm run serve -- [--port N] [--data DIR] [--kiosk]`: the app on this machine's loopback address, for a browser. */
import { pathToFileURL } from 'node:url'
import { withAbsoluteDataFolder } from './command-line.mjs'
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

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await setUp({ window: false })
  process.exitCode = await serve(process.argv.slice(2))
}
