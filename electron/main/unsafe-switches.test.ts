import { describe, expect, it } from 'vitest'
import { refusedSwitches } from './unsafe-switches.js'

const installed = { packaged: true, environment: {}, dataFolder: null, temporaryFolder: '/tmp' }

describe('refusedSwitches', () => {
  it.each(['--inspect', '--inspect=0', '--inspect-brk=9229', '-inspect', '--remote-debugging-port=9222', '--remote-debugging-pipe', '--no-sandbox', '--disable-web-security', '--js-flags=--expose-gc', '--load-extension=/x'])(
    'refuses %s in an installed app',
    (argument) => {
      expect(refusedSwitches({ ...installed, argv: ['carechat', argument] })).toEqual([argument])
    },
  )

  it('lets the app’s own arguments pass', () => {
    expect(refusedSwitches({ ...installed, argv: ['carechat', '--kiosk', '--data', '/srv/carechat', '--lang=fr'] })).toEqual([])
  })

  it('refuses nothing in a development start', () => {
    expect(refusedSwitches({ ...installed, packaged: false, argv: ['electron', '--no-sandbox', '--inspect=0'] })).toEqual([])
  })

  it('lets the end-to-end tests through on data of their own only', () => {
    const argv = ['carechat', '--no-sandbox', '--remote-debugging-port=0']
    const environment = { CARECHAT_E2E: '1' }
    expect(refusedSwitches({ ...installed, argv, environment, dataFolder: '/tmp/carechat-e2e-1' })).toEqual([])
    for (const dataFolder of [null, '/tmp', '/home/nurse/.config/CareChat', '/tmp/../home/nurse', '/tmpfoo']) {
      expect(refusedSwitches({ ...installed, argv, environment, dataFolder })).toEqual(argv.slice(1))
    }
    expect(refusedSwitches({ ...installed, argv, environment: { CARECHAT_E2E: '0' }, dataFolder: '/tmp/x' })).toHaveLength(2)
  })
})
