import { ended } from './apps/end-processes.js'
import { spawnServe } from './apps/served-app.js'
import { expect, test } from './test.js'

test('a second serve on the same data folder refuses in a sentence and leaves the first alone', async ({ app, screens }) => {
  const second = spawnServe({ dataFolder: app.dataFolder })
  let said = ''
  second.stderr?.on('data', (piece: Buffer) => (said += piece.toString()))
  expect(await ended(second)).toBe(1)
  expect(said.trim()).toBe(`CareChat cannot start: another CareChat is already using the data folder ${app.dataFolder}.`)
  await screens.entry.continueAsGuest()
})
