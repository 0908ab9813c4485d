import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KeysLockedError, KeyStore, NoKeyStoreError, type Sealer } from './key-store.js'

/** Stands for the operating system's key store of one user. */
function sealerOf(user: string): Sealer {
  return {
    seal: (value) => Buffer.from(`${user}|${[...value].reverse().join('')}`).toString('base64'),
    open: (sealed) => {
      const [owner, value = ''] = Buffer.from(sealed, 'base64').toString().split('|')
      if (owner !== user) throw new Error('sealed by another user')
      return [...value].reverse().join('')
    },
  }
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'carechat-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('KeyStore', () => {
  it('seals with the system and finds the secret again', async () => {
    const system = sealerOf('nurse')
    const store = await KeyStore.open({ folder, system, fileAllowed: false })
    await store.set('token', 'top secret')
    expect(store.mode).toBe('system')
    expect(readFileSync(path.join(folder, 'keys-sealed.json'), 'utf8')).not.toContain('top secret')
    expect((await KeyStore.open({ folder, system, fileAllowed: false })).get('token')).toBe('top secret')
  })

  it('fails closed without a key store, unless a file was chosen', async () => {
    await expect(KeyStore.open({ folder, system: null, fileAllowed: false })).rejects.toBeInstanceOf(NoKeyStoreError)
    const store = await KeyStore.open({ folder, system: null, fileAllowed: true })
    expect(store.mode).toBe('file')
  })

  it.skipIf(process.platform === 'win32')('keeps the file for its user alone, even where a looser one lay there', async () => {
    writeFileSync(path.join(folder, 'keys.json'), '{"old":"value"}', { mode: 0o644 })
    writeFileSync(path.join(folder, 'keys.json.new'), '', { mode: 0o666 })
    const store = await KeyStore.open({ folder, system: null, fileAllowed: true })
    await store.set('token', 'x')
    expect(statSync(path.join(folder, 'keys.json')).mode & 0o777).toBe(0o600)
    expect(store.get('old')).toBe('value')
  })

  it('never replaces sealed keys by new ones', async () => {
    const store = await KeyStore.open({ folder, system: sealerOf('nurse'), fileAllowed: true })
    await store.set('token', 'x')
    await expect(KeyStore.open({ folder, system: null, fileAllowed: true })).rejects.toBeInstanceOf(KeysLockedError)
    await expect(KeyStore.open({ folder, system: sealerOf('somebody else'), fileAllowed: true })).rejects.toBeInstanceOf(KeysLockedError)
    writeFileSync(path.join(folder, 'keys-sealed.json'), '{"token":')
    await expect(KeyStore.open({ folder, system: sealerOf('nurse'), fileAllowed: true })).rejects.toBeInstanceOf(KeysLockedError)
  })

  it('stays with the file while that is allowed, and seals it when it no longer is', async () => {
    const first = await KeyStore.open({ folder, system: null, fileAllowed: true })
    await first.set('token', 'x')
    const second = await KeyStore.open({ folder, system: sealerOf('nurse'), fileAllowed: true })
    expect([second.mode, second.get('token')]).toEqual(['file', 'x'])
    const third = await KeyStore.open({ folder, system: sealerOf('nurse'), fileAllowed: false })
    expect([third.mode, third.get('token')]).toEqual(['system', 'x'])
    expect(existsSync(path.join(folder, 'keys.json'))).toBe(false)
    expect((await KeyStore.open({ folder, system: sealerOf('nurse'), fileAllowed: true })).get('token')).toBe('x')
  })

  it('removes a secret, and changes nothing when it cannot write', async () => {
    const store = await KeyStore.open({ folder, system: null, fileAllowed: true })
    await Promise.all([store.set('a', '1'), store.set('b', '2'), store.set('a', null)])
    expect(JSON.parse(readFileSync(path.join(folder, 'keys.json'), 'utf8'))).toEqual({ b: '2' })
    rmSync(folder, { recursive: true })
    await expect(store.set('b', '3')).rejects.toThrow()
    expect(store.get('b')).toBe('2')
  })
})
