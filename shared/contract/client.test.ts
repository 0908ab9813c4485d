import { describe, expect, it, vi } from 'vitest'
import { createClient, type ClientSession, type TransportRequest } from './client.js'
import { methods } from './contract.js'
import { ContractError, errorCodes, errorText, fromErrorBody, toErrorBody } from './errors.js'

/** A client on a transport that answers from this list, in order; an error in it is thrown. */
function clientOn(answers: unknown[], session: Partial<ClientSession> = {}) {
  const requests: TransportRequest[] = []
  const transport = {
    request: async (request: TransportRequest): Promise<unknown> => {
      requests.push(request)
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    },
    close: () => undefined,
  }
  const client = createClient(transport, { accessToken: () => 'token', language: () => 'fr', renew: async () => false, ...session })
  return { client, requests }
}
const refusal = (code: ConstructorParameters<typeof ContractError>[0]): ContractError => new ContractError(code)

describe('the generated client', () => {
  it('has a function for every method of the contract', () => {
    const { client } = clientOn([])
    for (const name of methods.keys()) {
      const [domain, key] = name.split('.') as [string, string]
      expect((client as unknown as Record<string, Record<string, unknown>>)[domain]?.[key], name).toBeTypeOf('function')
    }
  })

  it('sends method, input, token, language, listener and signal', async () => {
    const { client, requests } = clientOn(['answer'])
    const { signal } = new AbortController()
    const onEvent = (): void => undefined
    expect(await client.chat.send({ message: 'x' }, { signal, onEvent })).toBe('answer')
    expect(requests).toEqual([{ method: 'chat.send', input: { message: 'x' }, token: 'token', language: 'fr', signal, onEvent }])
  })

  it('renews an expired token once and repeats with the new one, whether or not the call is safe', async () => {
    let token = 'old'
    const renew = vi.fn(async () => {
      token = 'new'
      return true
    })
    const { client, requests } = clientOn([refusal('token_expired'), 'answer'], { accessToken: () => token, renew })
    expect(await client.conversations.create({})).toBe('answer')
    expect(requests.map((request) => request.token)).toEqual(['old', 'new'])
    expect(renew).toHaveBeenCalledTimes(1)
  })

  it('gives up when the renewed token is refused too, or none can be had, or the refresh itself is refused', async () => {
    const renew = vi.fn(async () => true)
    const twice = clientOn([refusal('token_expired'), refusal('token_expired'), 'never'], { renew })
    await expect(twice.client.accounts.me({})).rejects.toMatchObject({ code: 'token_expired' })
    expect(twice.requests).toHaveLength(2)
    expect(renew).toHaveBeenCalledTimes(1)

    const none = clientOn([refusal('token_expired'), 'never'])
    await expect(none.client.accounts.me({})).rejects.toMatchObject({ code: 'token_expired' })
    expect(none.requests).toHaveLength(1)

    const refresh = clientOn([refusal('token_expired'), 'never'], { renew })
    await expect(refresh.client.accounts.refresh({ refresh_token: 'x' })).rejects.toMatchObject({ code: 'token_expired' })
    expect(refresh.requests).toHaveLength(1)
  })

  it('repeats a lost call once when it is safe, never when it is not or was cancelled', async () => {
    const safe = clientOn([refusal('backend_lost'), 'answer'])
    expect(await safe.client.conversations.list({})).toBe('answer')
    const lostAgain = clientOn([refusal('backend_lost'), refusal('backend_lost'), 'never'])
    await expect(lostAgain.client.conversations.list({})).rejects.toMatchObject({ code: 'backend_lost' })
    expect(lostAgain.requests).toHaveLength(2)

    for (const [name, definition] of methods) {
      const { client, requests } = clientOn([refusal('backend_lost'), 'answer'])
      const [domain, key] = name.split('.') as [string, string]
      const method = (client as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[domain]?.[key]
      await method?.({}).catch(() => undefined)
      expect(requests, name).toHaveLength(definition.safe ? 2 : 1)
    }

    const cancelled = clientOn([refusal('backend_lost'), 'never'])
    await expect(cancelled.client.conversations.list({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'backend_lost' })
    expect(cancelled.requests).toHaveLength(1)
  })

  it('repeats nothing after any other failure', async () => {
    for (const code of errorCodes.filter((each) => each !== 'backend_lost' && each !== 'token_expired')) {
      const { client, requests } = clientOn([refusal(code), 'never'], { renew: async () => true })
      await expect(client.conversations.list({})).rejects.toMatchObject({ code })
      expect(requests).toHaveLength(1)
    }
    const { client } = clientOn([new TypeError('broken')])
    await expect(client.conversations.list({})).rejects.toThrow(TypeError)
  })
})

describe('an error that crosses the boundary', () => {
  it('keeps its code, fields and wait, has a sentence in both languages, and loses its cause', () => {
    const fields = [{ field: 'x', code: 'required', message: 'missing' }]
    for (const code of errorCodes) {
      const body = toErrorBody(new ContractError(code, { fields, retryAfterS: 3, cause: new Error('canary') }), 'fr', new Date(0))
      expect(JSON.stringify(body)).not.toContain('canary')
      expect(body).toMatchObject({ code, detail: errorText(code, 'fr'), timestamp: '1970-01-01T00:00:00.000Z' })
      expect(fromErrorBody(body)).toMatchObject({ code, fields, retryAfterS: 3, status: body.status_code })
      expect(errorText(code, 'en')).not.toBe(errorText(code, 'fr'))
    }
  })
})
