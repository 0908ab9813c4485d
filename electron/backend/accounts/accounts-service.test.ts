import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../../shared/contract/accounts.js'
import type { Client } from '../../../shared/contract/client.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { startTestBackend, temporaryFolder, type TestBackend } from '../testing/test-backend.js'

const minute = 60_000
const password = 'a fine long password'
const dataFolder = temporaryFolder('accounts')
const start = (): Promise<TestBackend> => startTestBackend({ model: false, dataFolder, now: () => new Date(startedAt + advancedMs) })
// The clock stands still but for what a test adds: how busy the machine is changes nothing.
const startedAt = Date.now()
let advancedMs = 0
let backend: TestBackend
let anyone: Client
let lastNumber = 650_001_000

beforeAll(async () => {
  backend = await start()
  anyone = backend.client()
})
afterAll(() => backend.remove())

const newNumber = (): string => `+237${++lastNumber}`
const registration = (phone_number = newNumber()) => ({ full_name: 'Test Person', phone_number, password })
const outcomeOf = async (call: Promise<unknown>): Promise<string> => call.then(() => 'done', (error: unknown) => (error instanceof ContractError ? error.code : String(error)))
const setupCodeFile = path.join(dataFolder, 'administrator-setup-code')
const modeOf = (file: string): number => fs.statSync(file).mode & 0o777
const countRows = async (table: string): Promise<number> => (await backend.database.query<{ rows: number }>(`select count(*)::int as rows from ${table}`))[0]?.rows ?? 0

describe('the administrator’s set-up', () => {
  it('takes the code of the data folder, once, however many try, and removes it', async () => {
    expect(modeOf(setupCodeFile)).toBe(0o600)
    expect(modeOf(path.join(dataFolder, 'keys.json'))).toBe(0o600)
    expect((await anyone.system.info({})).has_administrator).toBe(false)
    const setup_code = fs.readFileSync(setupCodeFile, 'utf8').trim()
    expect(setup_code).toMatch(/^[A-HJ-NP-Z2-9]{10}$/)
    for (const wrong of ['AAAAAAAAAA', setup_code.slice(1), `${setup_code}A`]) {
      expect(await outcomeOf(anyone.accounts.setUpAdministrator({ ...registration(), setup_code: wrong }))).toBe('wrong_setup_code')
    }
    // A refused registration does not use the code up.
    expect(await outcomeOf(anyone.accounts.setUpAdministrator({ ...registration('+237650001999'), password: 'password123', setup_code }))).toBe('validation_failed')
    const typed = `${setup_code.slice(0, 5).toLowerCase()}-${setup_code.slice(5)}`
    const outcomes = await Promise.all(['+237650001001', '+237650001002', '+237650001003'].map((number) => outcomeOf(anyone.accounts.setUpAdministrator({ ...registration(number), setup_code: typed }))))
    expect(outcomes.sort()).toEqual(['administrator_exists', 'administrator_exists', 'done'])
    expect(fs.existsSync(setupCodeFile)).toBe(false)
    expect(await outcomeOf(anyone.accounts.setUpAdministrator({ ...registration(), setup_code }))).toBe('administrator_exists')
    expect((await anyone.system.info({})).has_administrator).toBe(true)
  })

  it('makes staff, and lists them without patients', async () => {
    const [{ phone_number } = { phone_number: '' }] = await backend.database.query<{ phone_number: string }>(`select phone_number from users where role = 'admin'`)
    const administrator = backend.client(await anyone.accounts.signIn({ phone_number, password }))
    await administrator.accounts.createStaff({ ...registration(), full_name: 'Nurse Ngo', role: 'nurse' })
    await administrator.accounts.createStaff({ ...registration(), full_name: 'Zoe Admin', role: 'admin' })
    await anyone.accounts.signUp(registration())
    const { staff } = await administrator.accounts.listStaff({})
    expect(staff.map(({ full_name, role }) => [full_name, role])).toEqual([['Nurse Ngo', 'nurse'], ['Test Person', 'admin'], ['Zoe Admin', 'admin']])
  })
})

describe('sign-up', () => {
  it('keeps one account a number, however it is typed, also when several sign up at once', async () => {
    const user = await anyone.accounts.signUp({ ...registration('6 50 00 20 01'), full_name: '  Ada Ebongue ', email: '' })
    expect(user).toMatchObject({ phone_number: '+237650002001', full_name: 'Ada Ebongue', email: null, preferred_language: 'en', role: 'patient' })
    for (const typed of ['650002001', '00237650002001', '+237 650 00 20 01']) expect(await outcomeOf(anyone.accounts.signUp(registration(typed)))).toBe('phone_taken')
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => outcomeOf(anyone.accounts.signUp(registration('650002002')))))
    expect(outcomes.sort()).toEqual(['done', ...Array.from({ length: 5 }, () => 'phone_taken')])
    expect(await outcomeOf(anyone.accounts.signUp(registration('12345')))).toBe('validation_failed')
    expect(await outcomeOf(anyone.accounts.signUp(registration('abcdefghij')))).toBe('validation_failed')
  })

  it('keeps one account an e-mail address, whatever its case', async () => {
    await anyone.accounts.signUp({ ...registration(), email: 'Ada@Example.com' })
    expect(await outcomeOf(anyone.accounts.signUp({ ...registration(), email: 'ada@example.COM' }))).toBe('email_taken')
    const { client } = await backend.patient(newNumber())
    expect(await outcomeOf(client.accounts.updateProfile({ email: 'ADA@example.com' }))).toBe('email_taken')
    expect(await client.accounts.updateProfile({ email: 'other@example.com', preferred_language: 'fr' })).toMatchObject({ email: 'other@example.com', preferred_language: 'fr', full_name: 'Test Person' })
    expect((await client.accounts.updateProfile({ email: null })).email).toBeNull()
  })

  it('refuses common, short and too long passwords by field', async () => {
    for (const [bad, code] of [['password123', 'too_common'], ['short', 'too_short'], ['é'.repeat(37), 'too_long'], ['x'.repeat(73), 'too_long']] as const) {
      await expect(anyone.accounts.signUp({ ...registration(), password: bad })).rejects.toMatchObject({ code: 'validation_failed', fields: [{ field: 'password', code }] })
    }
  })

  it('knows a password in both of its Unicode forms', async () => {
    const phone_number = newNumber()
    await anyone.accounts.signUp({ ...registration(phone_number), password: 'clé de la forêt' })
    expect(await outcomeOf(anyone.accounts.signIn({ phone_number, password: 'cle\u0301 de la fore\u0302t' }))).toBe('done')
    expect(await outcomeOf(anyone.accounts.signIn({ phone_number, password: 'cle de la foret' }))).toBe('invalid_credentials')
  })
})

describe('sign-in', () => {
  const wrong = (phone_number: string): Promise<unknown> => anyone.accounts.signIn({ phone_number, password: 'wrong password' }).catch((error: unknown) => error)

  it('answers an unknown number and a wrong password alike, and locks both after five failures, longer each time', async () => {
    const known = newNumber()
    const unknown = newNumber()
    await anyone.accounts.signUp(registration(known))
    for (const number of [known, unknown]) {
      for (let count = 0; count < 5; count++) expect(await wrong(number)).toMatchObject({ code: 'invalid_credentials', fields: undefined })
      expect(await wrong(number)).toMatchObject({ code: 'locked_out', retryAfterS: 30 })
    }
    // The right password does not help while it is locked; a wrong one after it doubles the time.
    await expect(anyone.accounts.signIn({ phone_number: known, password })).rejects.toMatchObject({ code: 'locked_out' })
    for (const seconds of [60, 120, 240, 480, 900, 900]) {
      advancedMs += 15 * minute
      expect(await wrong(unknown)).toMatchObject({ code: 'invalid_credentials' })
      expect(await wrong(unknown)).toMatchObject({ code: 'locked_out', retryAfterS: seconds })
    }
    expect(await outcomeOf(anyone.accounts.signIn({ phone_number: known, password }))).toBe('done')
    // Forgotten after the right password.
    for (let count = 0; count < 5; count++) expect(await wrong(known)).toMatchObject({ code: 'invalid_credentials' })
    expect(await wrong(known)).toMatchObject({ code: 'locked_out', retryAfterS: 30 })
  })

  it('lets no more guesses through when they come at once', async () => {
    const number = newNumber()
    await anyone.accounts.signUp(registration(number))
    const codes = await Promise.all(Array.from({ length: 20 }, async () => ((await wrong(number)) as ContractError).code))
    expect(codes.filter((code) => code === 'invalid_credentials')).toHaveLength(5)
    expect(codes.filter((code) => code === 'locked_out')).toHaveLength(15)
  })

  it('keeps no phone number among the failures', async () => {
    const rows = await backend.database.query<{ phone_key: string }>('select phone_key from sign_in_attempts')
    expect(rows.length).toBeGreaterThan(0)
    for (const { phone_key } of rows) expect(phone_key).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('a session', () => {
  const as = (session: Session, tokens: { access_token: string; refresh_token: string } = session): Client => backend.client({ ...session, ...tokens })

  it('expires: the access token after 30 minutes, the refresh token after 7 days', async () => {
    const { session, client } = await backend.patient(newNumber())
    advancedMs += 30 * minute - 2_000
    expect(await outcomeOf(client.accounts.me({}))).toBe('done')
    advancedMs += 3_000
    expect(await outcomeOf(client.accounts.me({}))).toBe('token_expired')
    const renewed = await anyone.accounts.refresh({ refresh_token: session.refresh_token })
    expect(await outcomeOf(as(session, renewed).accounts.me({}))).toBe('done')
    advancedMs += 7 * 24 * 60 * minute + 1_000
    expect(await outcomeOf(anyone.accounts.refresh({ refresh_token: renewed.refresh_token }))).toBe('token_expired')
  })

  it('rotates its refresh token; the reuse of a spent one ends it, and no other session', async () => {
    const phone_number = newNumber()
    const { session } = await backend.patient(phone_number)
    const elsewhere = await anyone.accounts.signIn({ phone_number, password })
    const second = await anyone.accounts.refresh({ refresh_token: session.refresh_token })
    const third = await anyone.accounts.refresh({ refresh_token: second.refresh_token })
    expect(new Set([session, second, third].map((each) => each.refresh_token)).size).toBe(3)
    expect(await outcomeOf(as(session, third).accounts.me({}))).toBe('done')
    expect(await outcomeOf(anyone.accounts.refresh({ refresh_token: second.refresh_token }))).toBe('unauthenticated')
    for (const tokens of [session, second, third]) {
      expect(await outcomeOf(anyone.accounts.refresh({ refresh_token: tokens.refresh_token }))).toBe('unauthenticated')
      expect(await outcomeOf(as(session, tokens).accounts.me({}))).toBe('unauthenticated')
    }
    expect(await outcomeOf(as(elsewhere).accounts.me({}))).toBe('done')
    expect(await outcomeOf(anyone.accounts.refresh({ refresh_token: elsewhere.refresh_token }))).toBe('done')
  })

  it('gives one successor to a refresh token that is used twice at once', async () => {
    const { session } = await backend.patient(newNumber())
    const outcomes = await Promise.all([1, 2, 3].map(() => outcomeOf(anyone.accounts.refresh({ refresh_token: session.refresh_token }))))
    expect(outcomes.sort()).toEqual(['done', 'unauthenticated', 'unauthenticated'])
  })

  it('ends at sign-out, at once', async () => {
    const { session, client } = await backend.patient(newNumber())
    await client.accounts.signOut({})
    expect(await outcomeOf(client.accounts.me({}))).toBe('unauthenticated')
    expect(await outcomeOf(anyone.accounts.refresh({ refresh_token: session.refresh_token }))).toBe('unauthenticated')
  })

  it('of every other window ends when the password changes', async () => {
    const phone_number = newNumber()
    const { session, client } = await backend.patient(phone_number)
    const elsewhere = await anyone.accounts.signIn({ phone_number, password })
    expect(await outcomeOf(client.accounts.changePassword({ current_password: 'wrong', new_password: 'another fine password' }))).toBe('invalid_credentials')
    await expect(client.accounts.changePassword({ current_password: password, new_password: 'password123' })).rejects.toMatchObject({ fields: [{ field: 'new_password', code: 'too_common' }] })
    expect(await outcomeOf(as(elsewhere).accounts.me({}))).toBe('done')
    const changed = await client.accounts.changePassword({ current_password: password, new_password: 'another fine password' })
    expect(await outcomeOf(as(changed).accounts.me({}))).toBe('done')
    for (const ended of [session, elsewhere]) {
      expect(await outcomeOf(as(ended).accounts.me({}))).toBe('unauthenticated')
      expect(await outcomeOf(anyone.accounts.refresh({ refresh_token: ended.refresh_token }))).toBe('unauthenticated')
    }
    expect(await outcomeOf(anyone.accounts.signIn({ phone_number, password }))).toBe('invalid_credentials')
    expect(await outcomeOf(anyone.accounts.signIn({ phone_number, password: 'another fine password' }))).toBe('done')
  })

  it('locks the change of a password like a sign-in', async () => {
    const { client } = await backend.patient(newNumber())
    const guess = (): Promise<string> => outcomeOf(client.accounts.changePassword({ current_password: 'wrong', new_password: 'another fine password' }))
    for (let count = 0; count < 5; count++) expect(await guess()).toBe('invalid_credentials')
    expect(await guess()).toBe('locked_out')
  })
})

describe('a guest', () => {
  const tables = ['users', 'conversations', 'chat_messages', 'refresh_tokens', 'settings', 'feedback']
  const rowsOf = async (): Promise<number[]> => Promise.all(tables.map(countRows))
  const liveAsGuest = async (): Promise<{ session: Session; client: Client }> => {
    const session = await anyone.accounts.continueAsGuest({ preferred_language: 'fr' })
    const client = backend.client(session)
    const { assistant_message } = await client.chat.send({ message: 'Bonjour' })
    await client.feedback.submit({ message_id: assistant_message.message_id, rating: 'helpful', comment: 'merci' })
    await client.settings.updatePreferences({ theme: 'dark' })
    return { session, client }
  }

  it('has a session without a name, and leaves nothing behind at sign-out', async () => {
    const before = await rowsOf()
    const { session, client } = await liveAsGuest()
    expect(session.user).toMatchObject({ role: 'guest', full_name: '', phone_number: null, preferred_language: 'fr' })
    const renewed = await anyone.accounts.refresh({ refresh_token: session.refresh_token })
    expect(await outcomeOf(backend.client({ ...session, ...renewed }).accounts.me({}))).toBe('done')
    await client.accounts.signOut({})
    expect(await rowsOf()).toEqual(before)
    expect(await outcomeOf(client.accounts.me({}))).toBe('unauthenticated')
    expect(await outcomeOf(client.conversations.create({}))).toBe('unauthenticated')
    expect(await outcomeOf(anyone.accounts.refresh({ refresh_token: renewed.refresh_token }))).toBe('unauthenticated')
  })

  it('whose session was cut off is erased at the next start, and its token opens nothing; everybody else stays signed in', async () => {
    const before = await rowsOf()
    const cut = await liveAsGuest()
    const left = await liveAsGuest()
    await left.client.accounts.signOut({})
    const patient = await backend.patient(newNumber())
    const out = await backend.patient(newNumber())
    await out.client.accounts.signOut({})
    const keys = fs.readFileSync(path.join(dataFolder, 'keys.json'), 'utf8')

    await backend.close()
    backend = await start()
    anyone = backend.client()

    expect(fs.readFileSync(path.join(dataFolder, 'keys.json'), 'utf8')).toBe(keys)
    expect(modeOf(path.join(dataFolder, 'keys.json'))).toBe(0o600)
    expect(fs.existsSync(setupCodeFile)).toBe(false)
    const [usersBefore = 0, ...others] = before
    const [usersAfter, ...othersAfter] = await rowsOf()
    expect(usersAfter).toBe(usersBefore + 2)
    // Two sign-ins came, and nothing else.
    others[2] = (others[2] ?? 0) + 2
    expect(othersAfter).toEqual(others)
    for (const { session } of [cut, left, out]) {
      const client = backend.client(session)
      expect(await outcomeOf(client.accounts.me({}))).toBe('unauthenticated')
      expect(await outcomeOf(client.conversations.create({}))).toBe('unauthenticated')
      expect(await outcomeOf(anyone.accounts.refresh({ refresh_token: session.refresh_token }))).toBe('unauthenticated')
    }
    expect(await outcomeOf(backend.client(patient.session).accounts.me({}))).toBe('done')
    expect(await outcomeOf(anyone.accounts.refresh({ refresh_token: patient.session.refresh_token }))).toBe('done')
  })
})
