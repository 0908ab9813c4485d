import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from './test.js'

/** A page of the app without the window's own script: the port that a test asks for is not taken away by it. */
const barePage = 'carechat://app/problem?code=folder_in_use'

test.use({ network: 'off' })

test('the page has no Node, three functions of the shell, and a policy that stops foreign code', async ({ app: { page } }) => {
  const found = await page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter((name) => name in globalThis),
    bridge: Object.keys((window as unknown as { carechat: object }).carechat).sort(),
  }))
  expect(found).toEqual({ node: [], bridge: ['connect', 'onLock', 'onServiceState'] })

  const violations = await page.evaluate(async () => {
    const seen = new Set<string>()
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => seen.add(effectiveDirective))
    const add = (name: string, attributes: Record<string, string>, text = ''): void => {
      const element = document.createElement(name)
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
      element.textContent = text
      document.body.append(element)
    }
    add('script', {}, 'window.foreign = true')
    add('script', { src: 'https://example.org/a.js' })
    add('img', { src: 'https://example.org/a.png' })
    add('iframe', { src: 'https://example.org/' })
    add('object', { data: 'https://example.org/a' })
    await fetch('https://example.org/').catch(() => undefined)
    while (seen.size < 5) await new Promise((resolve) => document.addEventListener('securitypolicyviolation', resolve, { once: true }))
    return { seen: [...seen].sort(), foreign: 'foreign' in window }
  })
  expect(violations).toEqual({ seen: ['connect-src', 'frame-src', 'img-src', 'object-src', 'script-src-elem'], foreign: false })
})

test('nothing leaves the window: no request, no navigation, no second window', async ({ app: { page } }) => {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    response.end()
  })
  server.on('upgrade', (request, socket) => {
    requests.push(request.url ?? '')
    socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const before = page.url()
  try {
    const outcomes = await page.evaluate(async (target) => {
      const settled = async (attempt: () => Promise<unknown> | unknown): Promise<string> => {
        try {
          return String(await attempt())
        } catch {
          return 'refused'
        }
      }
      const load = (name: 'img' | 'script' | 'link', attributes: Record<string, string>): Promise<string> =>
        new Promise((resolve) => {
          const element = document.createElement(name)
          element.addEventListener('load', () => resolve('loaded'))
          element.addEventListener('error', () => resolve('refused'))
          for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
          document.head.append(element)
        })
      return {
        fetch: await settled(async () => (await fetch(`${target}/fetch`)).status),
        socket: await settled(
          () =>
            new Promise((resolve, reject) => {
              const socket = new WebSocket(`${target.replace('http', 'ws')}/socket`)
              socket.addEventListener('open', () => resolve('open'))
              socket.addEventListener('error', reject)
            }),
        ),
        image: await load('img', { src: `${target}/image` }),
        script: await load('script', { src: `${target}/script` }),
        style: await load('link', { rel: 'stylesheet', href: `${target}/style` }),
        opened: await settled(() => window.open(`${target}/window`)),
      }
    }, address)
    expect(outcomes).toEqual({ fetch: 'refused', socket: 'refused', image: 'refused', script: 'refused', style: 'refused', opened: 'null' })

    // Playwright waits for a navigation that was refused as for one that is under way, so the page itself tells where it is, after the shell
    // has answered once more and thereby dealt with what came before.
    const stayedAt = await page.evaluate(async (target) => {
      navigator.sendBeacon(`${target}/beacon`)
      const link = document.createElement('a')
      link.href = `${target}/link`
      document.body.append(link)
      link.click()
      location.href = `${target}/location`
      await (window as unknown as { carechat: { connect(): Promise<unknown> } }).carechat.connect()
      return location.href
    }, address)
    expect(stayedAt).toBe(before)
    await page.reload()
    await page.getByTestId('guest').click()
    await expect(page.getByTestId('composer')).toBeVisible()
    expect(page.url()).toBe(before)
    expect(page.context().pages()).toHaveLength(1)
    expect(requests).toEqual([])
  } finally {
    server.close()
  }
})

test('a port works for the page that was given it, and for no frame inside it or page after it', async ({ app: { page } }) => {
  await page.goto(barePage)
  const found = await page.evaluate(async () => {
    interface Bridge { connect(): Promise<{ ok: boolean }> }
    const bridge = (window as unknown as { carechat: Bridge }).carechat
    const take = async (): Promise<MessagePort> => {
      const arrived = new Promise<MessagePort>((resolve) => window.addEventListener('message', ({ ports }) => resolve(ports[0]!), { once: true }))
      const { ok } = await bridge.connect()
      if (!ok) throw new Error('no port')
      return arrived
    }
    const ask = (port: MessagePort, method: string): Promise<string> =>
      new Promise((resolve) => {
        port.addEventListener('message', ({ data }) => resolve((data as { type: string }).type), { once: true })
        port.addEventListener('close', () => resolve('closed'), { once: true })
        port.start()
        port.postMessage({ type: 'request', id: 1, method, input: {}, token: null, language: 'en' })
      })
    const first = await take()
    const firstAnswer = await ask(first, 'system.info')

    const frame = document.createElement('iframe')
    document.body.append(frame)
    const frameHasBridge = 'carechat' in frame.contentWindow!
    let frameGotPort = false
    frame.contentWindow!.addEventListener('message', () => (frameGotPort = true))

    const closed = new Promise((resolve) => first.addEventListener('close', () => resolve('closed'), { once: true }))
    const second = await take()
    return { firstAnswer, frameHasBridge, frameGotPort, first: await closed, secondAnswer: await ask(second, 'system.info') }
  })
  expect(found).toEqual({ firstAnswer: 'result', frameHasBridge: false, frameGotPort: false, first: 'closed', secondAnswer: 'result' })

  await page.goto('carechat://app/')
  await page.getByTestId('guest').click()
  await expect(page.getByTestId('composer')).toBeVisible()
})

test('a short call is answered while long ones run', async ({ app: { page } }) => {
  await page.goto(barePage)
  const order = await page.evaluate(async () => {
    interface Bridge { connect(): Promise<{ ok: boolean }> }
    const arrived = new Promise<MessagePort>((resolve) => window.addEventListener('message', ({ ports }) => resolve(ports[0]!), { once: true }))
    await (window as unknown as { carechat: Bridge }).carechat.connect()
    const port = await arrived
    const long = 10
    const answered: number[] = []
    return new Promise<number[]>((resolve) => {
      port.addEventListener('message', ({ data }) => {
        answered.push((data as { id: number }).id)
        if (answered.length === long + 1) resolve(answered)
      })
      port.start()
      const send = (id: number, method: string, input: unknown): void => port.postMessage({ type: 'request', id, method, input, token: null, language: 'en' })
      // Each takes a quarter of a second of a thread, for the hash of its password, and many reads and writes of the database.
      for (let id = 1; id <= long; id += 1) send(id, 'accounts.signUp', { full_name: 'Somebody', phone_number: `6990000${id + 10}`, password: 'a long enough password' })
      send(0, 'system.info', {})
    })
  })
  expect(order[0]).toBe(0)
  await page.goto('carechat://app/')
})
