import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { composeAnswer } from './compose-answer.js'
import { FakeProviderServer } from './fake-provider-server.js'

let fake: FakeProviderServer
beforeAll(async () => {
  fake = await FakeProviderServer.start({ tokenDelayMs: 0 })
})
afterEach(() => fake.setMode('normal'))
afterAll(() => fake.close())

const passages = `Use these passages only:

[1] Malaria is caused by a parasite carried by mosquitoes. It is common in Douala.
[2] Fever above 38.5 °C in a child needs a test
the same day.

Cite them as [1] or [2].`

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(fake.address + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
}

const chat = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }
const bearer = { authorization: 'Bearer some-key' }
const contents = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }

describe('fake provider server', () => {
  it('sends Groq’s events: deltas, usage under x_groq, [DONE]', async () => {
    const response = await post('/openai/v1/chat/completions', { ...chat, stream: true }, bearer)
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const events = (await response.text()).split('\n\n').filter(Boolean)
    expect(events.every((event) => event.startsWith('data: '))).toBe(true)
    expect(events.at(-1)).toBe('data: [DONE]')
    expect(events[0]).toContain('"delta":{"role":"assistant","content":"Hello, "}')
    expect(events.at(-2)).toMatch(/"finish_reason":"stop".*"x_groq".*"prompt_tokens":1/)
  })

  it('answers in one piece', async () => {
    const openAi = (await (await post('/v1/chat/completions', chat)).json()) as { choices: { message: { content: string } }[] }
    expect(openAi.choices[0]?.message.content).toContain('demonstration assistant')
    const gemini = (await (await post('/v1beta/models/gemini-2.5-flash:generateContent?key=k', contents)).json()) as { candidates: { finishReason: string }[] }
    expect(gemini.candidates[0]?.finishReason).toBe('STOP')
  })

  it('refuses keys and requests in each provider’s words', async () => {
    const groq = await post('/openai/v1/chat/completions', chat, { authorization: 'Bearer invalid-1' })
    expect([groq.status, await groq.json()]).toMatchObject([401, { error: { code: 'invalid_api_key' } }])
    const gemini = await post('/v1beta/models/g:generateContent', contents, { 'x-goog-api-key': 'invalid-1' })
    expect([gemini.status, await gemini.json()]).toMatchObject([400, { error: { status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] } }])
    expect((await post('/openai/v1/chat/completions', chat)).status).toBe(401)
    expect((await post('/v1/chat/completions', { model: 'm' })).status).toBe(400)
    expect((await post('/v1beta/models/g:generateContent', {}, { 'x-goog-api-key': 'k' })).status).toBe(400)
    expect((await fetch(`${fake.address}/elsewhere`)).status).toBe(404)
  })

  it('takes its mode from the queue, a header, the model or its own, in this order', async () => {
    fake.setMode('server-error')
    fake.enqueue('always-rate-limited')
    const header = { 'x-fake-mode': 'unauthorized' }
    const limited = await post('/v1/chat/completions', chat, header)
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1'])
    expect((await post('/v1/chat/completions', { ...chat, model: 'fake-normal' }, header)).status).toBe(401)
    expect((await post('/v1/chat/completions', { ...chat, model: 'fake-normal' })).status).toBe(200)
    expect((await post('/v1/chat/completions', chat)).status).toBe(500)
  })

  it('turns every other prompt away in mode rate-limited', async () => {
    fake.setMode('rate-limited')
    const statuses: number[] = []
    for (let count = 0; count < 4; count++) statuses.push((await post('/v1/chat/completions', chat)).status)
    expect(statuses).toEqual([429, 200, 429, 200])
  })

  it('lists models', async () => {
    expect(await (await fetch(`${fake.address}/openai/v1/models`, { headers: bearer })).json()).toMatchObject({ data: [{ id: 'fake-medical-7b' }, {}] })
    expect(await (await fetch(`${fake.address}/v1beta/models?key=k`)).json()).toMatchObject({ models: [{ name: 'models/fake-medical-7b' }, {}] })
  })

  it('rejects when its port is taken', async () => {
    await expect(FakeProviderServer.start({ port: Number(new URL(fake.address).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

describe('composeAnswer', () => {
  it('quotes the passages with their numbers, in the language of the question', () => {
    const system = { role: 'system' as const, content: passages }
    expect(composeAnswer([system, { role: 'user', content: 'What is malaria?' }])).toBe(
      'Here is what the hospital’s documents say: Malaria is caused by a parasite carried by mosquitoes [1]. Fever above 38.5 °C in a child needs a test the same day [2]. If you are unsure, please ask a nurse or a doctor.',
    )
    const french = composeAnswer([system, { role: 'user', content: "Qu'est-ce que le paludisme ?" }])
    expect(french).toMatch(/^Voici ce que disent.*\[1\].*\[2\]\. En cas de doute/)
  })

  it('finds them in the question’s own message, and ignores those of earlier turns', () => {
    const earlier = { role: 'assistant' as const, content: '[9] Something said before, at length.' }
    const answer = composeAnswer([earlier, { role: 'user', content: `${passages}\n\nQuestion: fièvre chez un enfant, que faire ?` }])
    expect(answer).toContain('[2]')
    expect(answer).not.toContain('[9]')
    expect(answer).toMatch(/^Voici/)
  })

  it('repeats nothing of a question without passages', () => {
    expect(composeAnswer([{ role: 'user', content: 'I am Ngo Bassa and I have a fever' }])).not.toMatch(/Ngo|fever/)
    expect(composeAnswer([{ role: 'user', content: 'Bonjour' }])).toMatch(/^Bonjour/)
  })
})
