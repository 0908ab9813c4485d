import { describe, expect, it } from 'vitest'
import { Heartbeat } from './heartbeat.js'

describe('Heartbeat', () => {
  it('gives up after ten seconds of silence, not before', () => {
    const heartbeat = new Heartbeat(0)
    expect([2_000, 4_000, 6_000, 8_000].map((now) => heartbeat.tick(now))).toEqual(['alive', 'alive', 'alive', 'alive'])
    expect(heartbeat.tick(10_000)).toBe('silent')
  })

  it('goes on while it is answered', () => {
    const heartbeat = new Heartbeat(0)
    for (let now = 2_000; now < 100_000; now += 2_000) {
      expect(heartbeat.tick(now)).toBe('alive')
      heartbeat.pong(now + 5, 0)
    }
  })

  it('gives up on a database that has been in one statement for a minute', () => {
    const heartbeat = new Heartbeat(0)
    heartbeat.pong(1_000, 59_999)
    expect(heartbeat.tick(2_000)).toBe('alive')
    heartbeat.pong(2_001, 60_000)
    expect(heartbeat.tick(4_000)).toBe('database_stuck')
  })

  it('does not blame the backend for the time that the device slept', () => {
    const heartbeat = new Heartbeat(0)
    heartbeat.pong(2_000, 0)
    expect(heartbeat.tick(8 * 3_600_000)).toBe('alive')
    expect(heartbeat.tick(8 * 3_600_000 + 2_000)).toBe('alive')
  })
})
