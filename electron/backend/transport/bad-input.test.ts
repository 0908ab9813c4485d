import fs from 'node:fs'
import path from 'node:path'
import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../../shared/contract/accounts.js'
import type { Client } from '../../../shared/contract/client.js'
import { methods, type MethodName } from '../../../shared/contract/contract.js'
import { ContractError, errorBody } from '../../../shared/contract/errors.js'
import type { Role } from '../../../shared/contract/method.js'
import { createLogger } from '../logging/logger.js'
import { startTestBackend, type TestBackend } from '../testing/test-backend.js'
import { startTestServer, type HttpAnswer, type TestServer } from '../testing/test-server.js'

let backend: TestBackend
let server: TestServer
let patient: { session: Session; client: Client }
let other: { session: Session; client: Client }
let administrator: Session
let nurse: Session
const logged: string[] = []
const answers: HttpAnswer[] = []

/** Texts that must appear in no log, and in no error. */
const canary = { password: 'canary-password-7391', phone: '677391001', message: 'canary message about a rash' }
const sqlText = `Robert'); drop table users; -- " \\ $1 %s {{x}} <script>`

beforeAll(async () => {
  const logger = createLogger('trace', { write: (line) => void logged.push(line) })
  backend = await startTestBackend({ model: false, logger })
  server = await startTestServer(backend, { onAnswer: (answer) => void answers.push(answer) })
  const staff = { full_name: 'Staff', password: 'a fine long password' }
  const setup_code = fs.readFileSync(path.join(backend.dataFolder, 'administrator-setup-code'), 'utf8')
  await backend.client().accounts.setUpAdministrator({ ...staff, phone_number: '+237650000200', setup_code })
  administrator = await backend.client().accounts.signIn({ phone_number: '+237650000200', password: staff.password })
  await backend.client(administrator).accounts.createStaff({ ...staff, phone_number: '+237650000201', role: 'nurse' })
  nurse = await backend.client().accounts.signIn({ phone_number: '+237650000201', password: staff.password })
  patient = await backend.patient('+237650000202')
  other = await backend.patient('+237650000203')
})
afterAll(async () => {
  await server.close()
  await backend.remove()
})

/** The error's code, with the check that the error has the form that every error has. */
function codeOf(answer: HttpAnswer): string {
  const body = errorBody.parse(answer.json)
  expect(body.status_code).toBe(answer.status)
  expect(Date.parse(body.timestamp)).not.toBeNaN()
  expect(body.detail).not.toBe('')
  return body.code
}
const refused = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof ContractError ? error.code : String(error)),
  )
/** Any method by its name, as `session`. */
const invoke = (method: MethodName, input: unknown, session: Session | null): Promise<unknown> =>
  backend.router.handle({ method, input, token: session?.access_token ?? null, language: 'en', connection: 'test' })

describe('what is not a request', () => {
  it('is refused as malformed', async () => {
    const token = patient.session.access_token
    for (const body of ['{', '', 'null garbage', '{"message":', '{"message": "x",}', '\u0000']) {
      const answer = await server.request('/chat/', { token, body })
      expect(answer.status, JSON.stringify(body)).toBe(400)
      expect(codeOf(answer)).toBe('malformed_request')
    }
    for (const body of ['[]', '"text"', '7', 'true']) expect((await server.request('/chat/', { token, body })).status, body).toBe(400)
    const proto = await server.request('/chat/', { token, body: '{"message":"x","__proto__":{"role":"admin"}}' })
    expect(proto.status).toBe(400)
    const form = await server.request('/chat/', { token, body: 'message=x', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })
    expect(form.status).toBe(400)
  })

  it('is refused with its field where the type is wrong', async () => {
    const token = patient.session.access_token
    const wrong: [unknown, string, string][] = [
      [{}, 'message', 'required'],
      [{ message: '   ' }, 'message', 'required'],
      [{ message: 7 }, 'message', 'invalid_type'],
      [{ message: ['x'] }, 'message', 'invalid_type'],
      [{ message: 'x'.repeat(16_001) }, 'message', 'too_long'],
      [{ message: 'x', conversation_id: 'not-an-id' }, 'conversation_id', 'invalid_id'],
      [{ message: 'x', provider: 'chatgpt' }, 'provider', 'invalid_choice'],
      [{ message: 'x', top_k: 21 }, 'top_k', 'too_large'],
      [{ message: 'x', top_k: 1.5 }, 'top_k', 'invalid_type'],
    ]
    for (const [body, field, code] of wrong) {
      const answer = await server.request('/chat/', { token, body })
      expect(codeOf(answer), JSON.stringify(body)).toBe('validation_failed')
      expect(answer.json['errors'], JSON.stringify(body).slice(0, 80)).toEqual([expect.objectContaining({ field, code })])
    }
  })

  it('is refused with 413 when it is too large, over HTTP and inside', async () => {
    const message = 'é'.repeat(1024 * 1024)
    const answer = await server.request('/chat/', { token: patient.session.access_token, body: { message } })
    expect(answer.status).toBe(413)
    expect(codeOf(answer)).toBe('too_large')
    // 300 kB of letters that are 600 kB of bytes.
    expect(await refused(invoke('conversations.create', { metadata: { text: 'é'.repeat(300_000) } }, patient.session))).toBe('too_large')
  })

  it('is refused when it is nested without end or refers to itself', async () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown
    for (const depth of [200, 2_000, 100_000]) {
      const { conversation_id } = await patient.client.conversations.create({})
      const outcome = await refused(invoke('conversations.setMetadata', { conversation_id, metadata: { nested: nested(depth) } }, patient.session))
      expect(outcome, String(depth)).toMatch(/^(malformed_request|validation_failed)$/)
    }
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    expect(await refused(invoke('conversations.create', { metadata: circular }, patient.session))).toBe('malformed_request')
    expect(await refused(invoke('conversations.create', { metadata: { big: 1n } }, patient.session))).toBe('malformed_request')
  })

  it('is answered in the caller’s language', async () => {
    const french = await server.request('/chat/', { token: patient.session.access_token, body: {}, headers: { 'Accept-Language': 'fr-CM,fr;q=0.9,en;q=0.5' } })
    expect(french.json['detail']).toBe('Certains champs ne sont pas valides.')
    expect((await server.request('/me', { headers: { 'Accept-Language': 'fr' } })).json['detail']).toBe('Veuillez vous connecter.')
    expect((await server.request('/nowhere', { headers: { 'Accept-Language': 'fr' } })).json['detail']).toBe('Introuvable.')
    expect((await server.request('/me', { headers: { 'Accept-Language': 'de' } })).json['detail']).toBe('Please sign in.')
  })
})

describe('text that a database could stumble over', () => {
  it('is stored and given back as it was: SQL, quotes, any script, emoji', async () => {
    const texts = [sqlText, 'Ngoñ ɓa̱ŋ — fièvre depuis 3 jours', 'حمى منذ ثلاثة أيام', '发烧三天', '👩🏾‍⚕️🤒 e\u0301 \u200f\u202e', 'a\tb\nc', "'; select pg_sleep(5); --"]
    for (const text of texts) {
      const asked = await server.request('/chat/', { token: patient.session.access_token, body: { message: text } })
      expect(asked.status, text).toBe(200)
      const id = asked.json['conversation_id'] as string
      const history = await patient.client.conversations.history({ conversation_id: id })
      expect(history.messages[0]?.content).toBe(text)
      expect((await patient.client.conversations.rename({ conversation_id: id, title: text })).title).toBe(text)
      expect((await patient.client.conversations.setMetadata({ conversation_id: id, metadata: { [text]: [text, { [text]: 1 }] } })).metadata).toEqual({ [text]: [text, { [text]: 1 }] })
      const rated = await patient.client.feedback.submit({ message_id: history.messages[1]?.message_id ?? '', rating: 'helpful', comment: text })
      expect(rated.comment).toBe(text)
      const { full_name } = await patient.client.accounts.updateProfile({ full_name: `N ${text}` })
      expect(full_name).toBe(`N ${text}`)
      expect((await patient.client.settings.updatePreferences({ model: text.slice(0, 120) })).model).toBe(text.slice(0, 120))
    }
    const [row] = await backend.database.query<{ people: number }>('select count(*)::int as people from users')
    expect(row?.people).toBe(4)
  })

  it.each([
    ['NUL', 'a\u0000b'],
    ['half a surrogate pair', 'a\ud800b'],
  ])('is refused as invalid where it cannot be stored (%s), in every field, key and depth', async (_name, text) => {
    const { conversation_id } = await patient.client.conversations.create({})
    const inputs: [MethodName, Record<string, unknown>, string][] = [
      ['chat.send', { message: text }, 'message'],
      ['conversations.create', { title: text }, 'title'],
      ['conversations.create', { metadata: { [text]: 1 } }, 'metadata'],
      ['conversations.create', { metadata: { deep: [{ deeper: text }] } }, 'metadata.deep.0.deeper'],
      ['conversations.setMetadata', { conversation_id, metadata: { key: text } }, 'metadata.key'],
      ['accounts.updateProfile', { full_name: text }, 'full_name'],
      ['settings.updatePreferences', { model: text }, 'model'],
      ['knowledge.search', { query: text }, 'query'],
      ['knowledge.open', { document_id: text, lang: 'en' }, 'document_id'],
      ['accounts.signUp', { full_name: text, phone_number: '677391002', password: 'a fine long password' }, 'full_name'],
      ['accounts.signIn', { phone_number: '677391002', password: `password${text}` }, 'password'],
    ]
    for (const [method, input, field] of inputs) {
      const answer = await server.request(`/rpc/${method}`, { token: patient.session.access_token, body: input })
      expect(answer.status, method).toBe(400)
      expect(codeOf(answer), method).toBe('validation_failed')
      expect(answer.json['errors'], method).toEqual([expect.objectContaining({ field, code: 'invalid_text' })])
    }
    const inQuery = await server.request(`/conversations/?cursor=${text === 'a\u0000b' ? 'a%00b' : 'a%ED%A0%80b'}`, { token: patient.session.access_token })
    expect(inQuery.status).toBe(400)
  })

  it('never becomes an internal error, whatever stands in whichever field', async () => {
    const { conversation_id } = await backend.client(administrator).conversations.create({})
    const { assistant_message } = await backend.client(administrator).chat.send({ message: 'Bonjour', conversation_id })
    const good: Record<string, unknown> = {
      conversation_id, message_id: assistant_message.message_id, title: 'Title', metadata: {}, is_favorite: true, message: 'Bonjour', rating: 'helpful', comment: 'fine',
      query: 'malaria', document_id: 'malaria', lang: 'en', full_name: 'Some Body', phone_number: '+237650000299', password: 'a fine long password', current_password: 'wrong',
      new_password: 'another fine password', refresh_token: 'garbage', setup_code: 'ABCDEFGHJK', role: 'nurse', provider: 'groq', order: ['groq', 'gemini', 'local'],
    }
    const values = [null, true, 0, -1, 1.5, 1e308, 2 ** 31, 2 ** 53, Number.MAX_SAFE_INTEGER, '', 'x', 'x\u0000y', '\udfff', sqlText, 'x'.repeat(5000), [], [[]], {}, { $gt: '' }, new Date(0), '00000000-0000-0000-0000-000000000000', '٣٣٣٣٣٣٣٣', '9'.repeat(40)]
    // Theirs are a session that has to last, a network and a key that would open one, and a file.
    const left: readonly MethodName[] = ['accounts.signOut', 'providers.test', 'providers.configure', 'knowledge.importSummaries']
    const failures: string[] = []
    for (const [name, definition] of methods) {
      if (left.includes(name)) continue
      const fields = Object.keys((definition.input as unknown as { shape: Record<string, unknown> }).shape)
      for (const field of fields) {
        for (const value of values) {
          const code = await refused(invoke(name, { ...Object.fromEntries(fields.filter((key) => key in good).map((key) => [key, good[key]])), [field]: value }, administrator))
          if (code === 'internal') failures.push(`${name} ${field} ${JSON.stringify(value).slice(0, 40)}`)
        }
      }
    }
    expect(failures).toEqual([])
  })

  it('is no cursor unless the list made it', async () => {
    const cursor = (text: string): string => Buffer.from(text).toString('base64url')
    const made = ['9999-99-99T99:99:99.999Z|00000000-0000-4000-8000-000000000000', '2026-01-01T00:00:00.000Z|------------------------------------', '2026-01-01T00:00:00.000Z|x', '|']
    for (const text of [...made.map(cursor), 'garbage', "' or 1=1 --"]) {
      const answer = await server.request(`/conversations/?cursor=${encodeURIComponent(text)}`, { token: patient.session.access_token })
      expect(codeOf(answer), text).toBe('validation_failed')
    }
  })
})

describe('ids', () => {
  const answersOtherwise: Partial<Record<MethodName, { foreign: string; unknown: string }>> = {
    // Says only that it has stopped nothing.
    'chat.stop': { foreign: 'nothing was refused', unknown: 'nothing was refused' },
    // What was erased and what never was look alike, and both can no longer be restored.
    'conversations.restore': { foreign: 'forbidden', unknown: 'undo_expired' },
    'conversations.restoreMessage': { foreign: 'forbidden', unknown: 'undo_expired' },
    // For staff alone: a patient who asks is refused before anything is looked up.
    'memory.prompt': { foreign: 'forbidden', unknown: 'forbidden' },
  }
  const withIds = [...methods].filter(([, { input }]) => ['conversation_id', 'message_id'].some((key) => key in (input as unknown as { shape: object }).shape))
  const rest = { title: 'x', is_favorite: true, metadata: {}, message: 'x', query: 'x', rating: 'helpful', audio: new Uint8Array([1]), language: 'fr' }

  it('of somebody else are 403 in every method that takes one, and nothing changes', async () => {
    const { conversation_id, assistant_message, user_message } = await patient.client.chat.send({ message: 'Bonjour' })
    const before = await patient.client.conversations.history({ conversation_id })
    expect(withIds.length).toBeGreaterThan(12)
    for (const session of [other.session, nurse, administrator]) {
      for (const [name] of withIds) {
        for (const { message_id } of [assistant_message, user_message]) {
          expect(await refused(invoke(name, { ...rest, conversation_id, message_id }, session)), `${name} ${session.user.role}`).toBe(answersOtherwise[name]?.foreign ?? 'forbidden')
        }
      }
    }
    expect(await patient.client.conversations.history({ conversation_id })).toEqual(before)
  })

  it('that do not exist are 404', async () => {
    for (const [name] of withIds) {
      expect(await refused(invoke(name, { ...rest, conversation_id: randomUUID(), message_id: randomUUID() }, patient.session)), name).toBe(answersOtherwise[name]?.unknown ?? 'not_found')
    }
    expect(codeOf(await server.request(`/conversations/${randomUUID()}`, { token: patient.session.access_token }))).toBe('not_found')
  })

  it('of other people in a path or body are 403 before anything happens', async () => {
    const { conversation_id, user_message } = await patient.client.chat.send({ message: 'Bonjour' })
    const token = patient.session.access_token
    const theirs = other.session.user.patient_id
    const requests: [string, string, unknown?][] = [
      ['GET', `/chat/conversations/${theirs}`],
      ['GET', `/chat/conversations/${theirs}/${conversation_id}`],
      ['DELETE', `/chat/conversations/${theirs}/${conversation_id}`],
      ['DELETE', `/chat/messages/${theirs}/${user_message.message_id}`],
      ['POST', '/chat/', { message: 'x', user_id: theirs }],
      ['POST', '/chat/', { message: 'x', user_id: ['x'] }],
      ['POST', `/chat/?user_id=${theirs}`, { message: 'x' }],
    ]
    for (const [method, address, body] of requests) {
      const answer = await server.request(address, { method, token, ...(body === undefined ? {} : { body }) })
      expect(answer.status, `${method} ${address}`).toBe(403)
      expect(codeOf(answer)).toBe('forbidden')
      expect((await server.request(address, { method, ...(body === undefined ? {} : { body }) })).status).toBe(401)
    }
    expect((await patient.client.conversations.history({ conversation_id })).messages).toHaveLength(2)
    expect((await backend.client(other.session).conversations.list({})).conversations).toEqual([])
  })
})

describe('tokens', () => {
  const issued = { issuer: 'carechat', audience: 'carechat-desktop' }
  const keys = (): Record<string, string> => JSON.parse(fs.readFileSync(path.join(backend.dataFolder, 'keys.json'), 'utf8')) as Record<string, string>
  const sign = (key: Uint8Array, claims: Record<string, unknown> = {}, { alg = 'HS256', issuer = issued.issuer, audience = issued.audience, expires = '30m', subject = true } = {}): Promise<string> => {
    const token = new SignJWT({ token_type: 'access', role: 'patient', sid: randomUUID(), ...claims }).setProtectedHeader({ alg }).setJti(randomUUID()).setIssuer(issuer).setAudience(audience).setIssuedAt()
    if (expires !== '') token.setExpirationTime(expires)
    if (subject) token.setSubject(patient.session.user.patient_id)
    return token.sign(key)
  }

  it('that are forged, of the wrong kind or garbage are 401', async () => {
    const key = Buffer.from(keys()['token.access.key'] ?? '', 'base64')
    const refreshKey = Buffer.from(keys()['token.refresh.key'] ?? '', 'base64')
    expect((await server.request('/me', { token: await sign(key) })).status).toBe(200)
    const [header = '', payload = '', signature = ''] = patient.session.access_token.split('.')
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
    const forged: Record<string, string> = {
      'alg none': `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`,
      'alg none with a signature': `${encode({ alg: 'none' })}.${payload}.${signature}`,
      'role changed': `${header}.${encode({ ...claims, role: 'admin' })}.${signature}`,
      'person changed': `${header}.${encode({ ...claims, sub: other.session.user.patient_id })}.${signature}`,
      'another token’s signature': `${header}.${payload}.${other.session.access_token.split('.')[2] ?? ''}`,
      'the document’s default key': await sign(Buffer.from('supersecret'.padEnd(32, '\0'))),
      'the refresh key': await sign(refreshKey),
      'another algorithm': await sign(Buffer.concat([key, key]), {}, { alg: 'HS512' }),
      'a refresh token': patient.session.refresh_token,
      'the access key on a refresh token': await sign(key, { token_type: 'refresh' }),
      'no type': await sign(key, { token_type: undefined }),
      'an unknown role': await sign(key, { role: 'root' }),
      'no session': await sign(key, { sid: 7 }),
      'another issuer': await sign(key, {}, { issuer: 'somebody' }),
      'another audience': await sign(key, {}, { audience: 'somewhere' }),
      'no expiry': await sign(key, {}, { expires: '' }),
      'no person': await sign(key, {}, { subject: false }),
      garbage: 'garbage',
      'three words': 'a.b.c',
      'only dots': '..',
      'a long text': 'x'.repeat(8000),
    }
    for (const [name, token] of Object.entries(forged)) {
      const answer = await server.request('/me', { token })
      expect(answer.status, name).toBe(401)
      expect(codeOf(answer), name).toBe('unauthenticated')
      expect(answer.headers.get('www-authenticate'), name).toBe('Bearer')
    }
  })

  it('that have expired are 401 with a code of their own; an access token refreshes nothing', async () => {
    const key = Buffer.from(keys()['token.access.key'] ?? '', 'base64')
    expect(codeOf(await server.request('/me', { token: await sign(key, {}, { expires: '-1s' }) }))).toBe('token_expired')
    expect(codeOf(await server.request('/refresh', { body: { refresh_token: patient.session.access_token } }))).toBe('unauthenticated')
    expect(codeOf(await server.request('/refresh', { body: { refresh_token: await sign(key, { token_type: 'refresh' }) } }))).toBe('unauthenticated')
    expect((await server.request('/me', { token: patient.session.access_token })).status).toBe(200)
  })

  it('must be given as a bearer token, and a bad one keeps nobody from signing in', async () => {
    for (const value of ['', 'Bearer', 'Bearer ', `Basic ${patient.session.access_token}`, patient.session.access_token]) {
      expect((await server.request('/me', { headers: { Authorization: value } })).status, value.slice(0, 10)).toBe(401)
    }
    const answer = await server.request('/login', { token: 'garbage', body: { phone_number: '+237650000203', password: 'a fine long password' } })
    expect(answer.status).toBe(200)
  })
})

describe('roles', () => {
  it('decide every method: without a token 401, without the right 403, before the input is looked at', async () => {
    const guest = await backend.client().accounts.continueAsGuest({})
    const sessions: Record<Role, Session> = { guest, patient: patient.session, nurse, admin: administrator }
    for (const [name, definition] of methods) {
      if (definition.access === 'anyone') continue
      expect(await refused(invoke(name, { nonsense: true }, null)), name).toBe('unauthenticated')
      for (const role of Object.keys(sessions) as Role[]) {
        if (!definition.access.includes(role)) expect(await refused(invoke(name, { nonsense: true }, sessions[role])), `${name} ${role}`).toBe('forbidden')
      }
    }
    expect(await refused(invoke('accounts.changePassword', { current_password: 'x', new_password: 'a fine long password' }, guest))).toBe('forbidden')
    expect(await refused(invoke('accounts.createStaff', {}, nurse))).toBe('forbidden')
  })

  it('are never taken from an input', async () => {
    const answer = await server.request('/signup', {
      body: { full_name: 'Mallory', phone_number: '677391003', password: 'a fine long password', role: 'admin', patient_id: administrator.user.patient_id, is_admin: true },
    })
    expect(answer.json).toMatchObject({ role: 'patient' })
    expect(answer.json['patient_id']).not.toBe(administrator.user.patient_id)
    await server.request('/api/patient/me', { method: 'PUT', token: patient.session.access_token, body: { role: 'admin', full_name: 'Still A Patient' } })
    expect((await server.request('/me', { token: patient.session.access_token })).json).toMatchObject({ role: 'patient', full_name: 'Still A Patient' })
  })
})

describe('errors and logs', () => {
  it('hold no SQL, stack, password, phone number or message', async () => {
    await server.request('/signup', { body: { full_name: 'Canary', phone_number: canary.phone, password: canary.password } })
    await server.request('/signup', { body: { full_name: 'Canary', phone_number: canary.phone, password: canary.password } })
    await server.request('/login', { body: { phone_number: canary.phone, password: `${canary.password}x` } })
    const { json } = await server.request('/login', { body: { phone_number: canary.phone, password: canary.password } })
    const token = json['access_token'] as string
    await server.request('/chat/', { token, body: { message: canary.message, conversation_id: randomUUID() } })
    await server.request('/chat/', { token, body: { message: canary.message, top_k: canary.message } })
    await server.request('/chat/', { token, body: { message: canary.message } })
    await server.request(`/rpc/${encodeURIComponent(canary.message)}`, { token, body: {} })
    // A statement that fails with the values in its parameters.
    await backend.database.execute('alter table feedback rename to feedback_away')
    const { user_message, assistant_message } = (await server.request('/chat/', { token, body: { message: canary.message } })).json as Record<string, { message_id: string }>
    expect(user_message).toBeDefined()
    const failed = await server.request('/rpc/feedback.submit', { token, body: { message_id: assistant_message?.message_id, rating: 'helpful', comment: canary.message } })
    await backend.database.execute('alter table feedback_away rename to feedback')
    expect(codeOf(failed)).toBe('internal')

    const log = logged.join('')
    expect(log).toContain('"code":"internal"')
    for (const text of [...Object.values(canary), '677391', token, 'a fine long password']) expect(log).not.toContain(text)
    for (const answer of answers.filter(({ status }) => status >= 400)) {
      for (const text of [...Object.values(canary), '677391', 'node_modules', '.ts:', 'insert into', 'select ', 'SQLSTATE', 'PGlite', 'drizzle']) {
        expect(answer.text).not.toContain(text)
      }
    }
  })
})
