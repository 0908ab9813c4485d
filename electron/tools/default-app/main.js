/**
 * The default app of the Electron stand-in: `electron [-r MODULE]… [switches] PATH [arguments]` starts the app at PATH, as Electron's own does.
 * Electron waits with its `ready` event until this module, and with it the app's entry, has been evaluated.
 */
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const require = createRequire(import.meta.url)
let path = null
const modules = []
const given = process.argv.slice(1)
for (let index = 0; index < given.length && path === null; index += 1) {
  if (given[index] === '-r' || given[index] === '--require') modules.push(given[(index += 1)])
  else if (!given[index].startsWith('-')) path = resolve(given[index])
}

process.defaultApp = true
for (const module of modules) require(resolve(module))

if (path === null) {
  process.stderr.write('This Electron needs the path of an app.\n')
  app.exit(1)
} else {
  let entry = path
  if (statSync(path).isDirectory()) {
    const packageJson = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
    app.setName(packageJson.productName ?? packageJson.name)
    app.setVersion(packageJson.version)
    app.setAppPath(path)
    entry = join(path, packageJson.main ?? 'index.js')
  }
  await import(pathToFileURL(entry).href)
}
