import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readLaunchOptions } from './launch-options.js'

describe('readLaunchOptions', () => {
  it('reads the data folder in both forms, from where the app was started', () => {
    expect(readLaunchOptions(['.', '--data', 'mine'], '/home/nurse').dataFolder).toBe(path.resolve('/home/nurse/mine'))
    expect(readLaunchOptions(['.', '--data=/srv/x'], '/home/nurse').dataFolder).toBe(path.resolve('/srv/x'))
  })

  it('has no folder of its own without one, or with an empty one', () => {
    for (const argv of [[], ['--data'], ['--data='], ['--database', 'x']]) expect(readLaunchOptions(argv, '/').dataFolder).toBeNull()
  })

  it('reads the kiosk switch', () => {
    expect(readLaunchOptions(['--kiosk'], '/').kiosk).toBe(true)
    expect(readLaunchOptions([], '/').kiosk).toBe(false)
  })
})
