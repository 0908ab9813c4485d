import { spawn } from 'node:child_process'
import { ended } from './apps/end-processes.js'
import { DesktopApp, desktopLaunch } from './apps/desktop-app.js'
import { spawnServe } from './apps/served-app.js'
import { expect, test } from './test.js'

test('a second start on the same data folder ends and brings the first window forward', async ({ app, screens }) => {
  if (!(app instanceof DesktopApp)) throw new Error('desktop only')
  await expect(screens.entry.guest).toBeVisible()
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.hide())

  const { executablePath, args, cwd, env } = await desktopLaunch({ dataFolder: app.dataFolder })
  const second = spawn(executablePath, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  second.stderr.on('data', (piece: Buffer) => (said += piece.toString()))
  expect(await ended(second)).toBe(0)
  expect(said).toContain('already open')
  await expect.poll(() => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()))).toEqual([true])
})

test('serve refuses a data folder that a window has open', async ({ app, screens }) => {
  await screens.entry.continueAsGuest()
  const second = spawnServe({ dataFolder: app.dataFolder })
  let said = ''
  second.stderr?.on('data', (piece: Buffer) => (said += piece.toString()))
  expect(await ended(second)).toBe(1)
  expect(said).toContain('already using the data folder')
})
