import fs from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { BackendMessage } from '../process-messages.js'
import { temporaryFolder } from '../testing/test-backend.js'
import { FileKeyStore } from './file-key-store.js'
import { ParentKeyStore } from './parent-key-store.js'
import { secretKey } from './secret-key.js'

const folders: string[] = []
const newFolder = (): string => {
  const folder = temporaryFolder('keys')
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true })
})

describe('the key file', () => {
  it('keeps, replaces and removes secrets, and is this user’s alone', async () => {
    const folder = newFolder()
    const store = new FileKeyStore(folder)
    const file = path.join(folder, 'keys.json')
    expect(await store.get('a')).toBeNull()
    await Promise.all([store.set('a', '1'), store.set('b', '2')])
    await store.set('a', '3')
    expect(await new FileKeyStore(folder).get('a')).toBe('3')
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
    await store.set('a', null)
    await store.set('absent', null)
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toEqual({ b: '2' })
    expect(fs.readdirSync(folder)).toEqual(['keys.json'])
    // A file that somebody opened to others is closed again with the next secret.
    fs.chmodSync(file, 0o644)
    await store.set('c', '4')
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  })

  it('that is damaged stops the start, and is not written over', async () => {
    const folder = newFolder()
    const file = path.join(folder, 'keys.json')
    for (const content of ['{', '[]', '{"a":7}', '']) {
      fs.writeFileSync(file, content)
      await expect(new FileKeyStore(folder).get('a')).rejects.toThrow()
      await expect(new FileKeyStore(folder).set('a', '1')).rejects.toThrow()
      expect(fs.readFileSync(file, 'utf8')).toBe(content)
    }
  })
})

describe('a secret key', () => {
  it('has 256 random bits, is made once and read from then on', async () => {
    const folder = newFolder()
    const [first, other] = [await secretKey(new FileKeyStore(folder), 'first'), await secretKey(new FileKeyStore(folder), 'other')]
    expect(first).toHaveLength(32)
    expect(Buffer.compare(first, other)).not.toBe(0)
    expect(Buffer.compare(await secretKey(new FileKeyStore(folder), 'first'), first)).toBe(0)
  })

  it.each(['', 'supersecret', 'refreshsecret', Buffer.alloc(31, 1).toString('base64'), Buffer.alloc(33, 1).toString('base64')])('is refused when it has another length: "%s"', async (kept) => {
    const store = new FileKeyStore(newFolder())
    await store.set('weak', kept)
    const failure = await secretKey(store, 'weak').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    if (kept !== '') expect((failure as Error).message).not.toContain(kept)
    expect(await store.get('weak')).toBe(kept)
  })
})

describe('keys that the shell keeps', () => {
  it('are asked for by message, each answer going to its question', async () => {
    const told: BackendMessage[] = []
    const store = new ParentKeyStore('system', (message) => void told.push(message))
    const answers = [store.get('a'), store.get('b'), store.set('c', 'secret')]
    expect(told).toEqual([{ type: 'key-get', id: 1, name: 'a' }, { type: 'key-get', id: 2, name: 'b' }, { type: 'key-set', id: 3, name: 'c', value: 'secret' }])
    store.settle({ type: 'key', id: 2, value: 'second' })
    store.settle({ type: 'key', id: 1, value: null })
    store.settle({ type: 'key', id: 3, value: null })
    store.settle({ type: 'key', id: 99, value: 'nobody asked' })
    expect(await Promise.all(answers)).toEqual([null, 'second', undefined])
    const refused = store.get('d')
    store.settle({ type: 'key', id: 4, value: null, failed: true })
    await expect(refused).rejects.toThrow('the key store refused')
  })
})
