import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FolderInUseError, lockFolder } from './folder-lock.js'

const source = new URL('./folder-lock.ts', import.meta.url).href

describe('lockFolder', () => {
  let folder: string
  const children: ChildProcess[] = []
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'carechat-lock-'))
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    fs.rmSync(folder, { recursive: true, force: true })
  })

  /** Another process that tries to take the folder, says `taken` or the error's name, and stays. */
  async function otherProcess(): Promise<{ answer: string; child: ChildProcess }> {
    const code = `import { lockFolder } from ${JSON.stringify(source)}
      lockFolder(process.argv[1]).then(() => console.log('taken'), (error) => console.log(error.name))
      setInterval(() => undefined, 1000)`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    const [answer] = (await once(child.stdout!, 'data')) as [Buffer]
    return { answer: answer.toString().trim(), child }
  }

  it('refuses a second taker in the same process, until the first lets go', async () => {
    const lock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toBeInstanceOf(FolderInUseError)
    await lock.release()
    await (await lockFolder(folder)).release()
  })

  it('knows the folder by whichever path leads to it, and leaves other folders free', async () => {
    const link = `${folder}-link`
    const other = `${folder}-other`
    fs.symlinkSync(folder, link, 'junction')
    fs.mkdirSync(other)
    try {
      const lock = await lockFolder(folder)
      await expect(lockFolder(link)).rejects.toBeInstanceOf(FolderInUseError)
      await expect(lockFolder(path.join(folder, '..', path.basename(folder)))).rejects.toBeInstanceOf(FolderInUseError)
      await (await lockFolder(other)).release()
      await lock.release()
    } finally {
      fs.rmSync(link)
      fs.rmdirSync(other)
    }
  })

  it('refuses another process, and is free again as soon as its holder is killed', async () => {
    const lock = await lockFolder(folder)
    expect((await otherProcess()).answer).toBe('FolderInUseError')
    await lock.release()
    const { answer, child } = await otherProcess()
    expect(answer).toBe('taken')
    await expect(lockFolder(folder)).rejects.toBeInstanceOf(FolderInUseError)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await (await lockFolder(folder)).release()
  })
})
