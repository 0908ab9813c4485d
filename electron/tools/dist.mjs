/** `npm run dist:linux-dir | dist:linux | dist:win | dist:mac`: set-up, build, then the packages, into release/. */
import { Obstacle, runEntry } from './entry.mjs'
import { setUp } from './setup.mjs'

await runEntry(async () => {
  const [platform, target] = process.argv.slice(2)
  if (!['--linux', '--win', '--mac'].includes(platform)) throw new Obstacle('usage: dist.mjs --linux|--win|--mac [target]')
  await setUp()
  // They import packages from node_modules, which are there only now.
  const { ensureBuilt } = await import('./build.mjs')
  const { packageApp } = await import('./package-app.mjs')
  await ensureBuilt()
  await packageApp(platform, target ? { target } : {})
})
