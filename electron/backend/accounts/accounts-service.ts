/** People: patients who sign themselves up, the administrator of the set-up, the staff that an administrator makes, and guests. */
import { and, eq, inArray, sql, type SQL } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Session, Tokens, User } from '../../../shared/contract/accounts.js'
import type { Language } from '../../../shared/contract/common.js'
import type { ParsedInputOf } from '../../../shared/contract/contract.js'
import { ContractError } from '../../../shared/contract/errors.js'
import type { Role } from '../../../shared/contract/method.js'
import { violatesUnique } from '../database/database-error.js'
import type { Database, QueryRunner } from '../database/database.js'
import type { Caller } from '../transport/handlers.js'
import type { PasswordHasher } from './password-hasher.js'
import type { PasswordPolicy } from './password-policy.js'
import { normalisePhoneNumber } from './phone-number.js'
import type { SetupCode } from './setup-code.js'
import type { SignInGuard } from './sign-in-guard.js'
import { users } from './tables.js'
import type { TokenService } from './token-service.js'

type Registration = ParsedInputOf<'accounts.signUp'>

export interface AccountsServiceParts {
  database: Database
  tokens: TokenService
  hasher: PasswordHasher
  policy: PasswordPolicy
  guard: SignInGuard
  setupCode: SetupCode
  /** Called inside the transaction that erases people: other domains erase what they keep of them. */
  onErased: (userIds: readonly string[], queries: QueryRunner) => Promise<void>
}

export class AccountsService {
  readonly #database: Database
  readonly #tokens: TokenService
  readonly #hasher: PasswordHasher
  readonly #policy: PasswordPolicy
  readonly #guard: SignInGuard
  readonly #setupCode: SetupCode
  readonly #onErased: AccountsServiceParts['onErased']
  #setUp: Promise<unknown> = Promise.resolve()

  constructor(parts: AccountsServiceParts) {
    this.#database = parts.database
    this.#tokens = parts.tokens
    this.#hasher = parts.hasher
    this.#policy = parts.policy
    this.#guard = parts.guard
    this.#setupCode = parts.setupCode
    this.#onErased = parts.onErased
  }

  /** Registers a patient. Throws `phone_taken`, `email_taken` or `validation_failed`. */
  async signUp(registration: Registration): Promise<User> {
    return this.#register(registration, 'patient')
  }

  /** Makes the one administrator of a new device. Throws `administrator_exists` or `wrong_setup_code`. */
  async setUpAdministrator(input: ParsedInputOf<'accounts.setUpAdministrator'>): Promise<User> {
    // One after the other: two at once would both find that there is no administrator yet.
    const turn = this.#setUp.then(() => this.#makeAdministrator(input))
    this.#setUp = turn.catch(() => undefined)
    return turn
  }

  async #makeAdministrator({ setup_code, ...registration }: ParsedInputOf<'accounts.setUpAdministrator'>): Promise<User> {
    if (await this.hasAdministrator()) throw new ContractError('administrator_exists')
    if (!this.#setupCode.matches(setup_code)) throw new ContractError('wrong_setup_code')
    const administrator = await this.#register(registration, 'admin')
    this.#setupCode.remove()
    return administrator
  }

  /** Makes a nurse or another administrator. */
  async createStaff({ role, ...registration }: ParsedInputOf<'accounts.createStaff'>): Promise<User> {
    return this.#register(registration, role)
  }

  async listStaff(): Promise<User[]> {
    const rows = await this.#database.drizzle.select().from(users).where(inArray(users.role, ['nurse', 'admin'])).orderBy(users.fullName)
    return rows.map(toUser)
  }

  /** Full names of people by their ids. */
  async namesOf(userIds: readonly string[]): Promise<Map<string, string>> {
    if (userIds.length === 0) return new Map()
    const rows = await this.#database.drizzle.select({ id: users.patientId, name: users.fullName }).from(users).where(inArray(users.patientId, [...userIds]))
    return new Map(rows.map(({ id, name }) => [id, name]))
  }

  async hasAdministrator(): Promise<boolean> {
    const rows = await this.#database.drizzle.select({ id: users.patientId }).from(users).where(eq(users.role, 'admin')).limit(1)
    return rows.length > 0
  }

  /** Signs in. An unknown number and a wrong password get the same answer after the same time. Throws `invalid_credentials` or `locked_out`. */
  async signIn({ phone_number, password }: ParsedInputOf<'accounts.signIn'>): Promise<Session> {
    const phoneNumber = normalisePhoneNumber(phone_number)
    await this.#guard.admit(phoneNumber)
    const [row] = await this.#database.drizzle.select().from(users).where(eq(users.phoneNumber, phoneNumber))
    if (!(await this.#hasher.compare(password, row?.passwordHash ?? null)) || !row) throw new ContractError('invalid_credentials')
    await this.#guard.recordSuccess(phoneNumber)
    const tokens = await this.#tokens.startSession({ userId: row.patientId, role: row.role })
    return { ...tokens, user: toUser(row) }
  }

  /** Exchanges a refresh token for new tokens. */
  async refresh(token: string): Promise<Tokens> {
    return this.#tokens.refresh(token, async (userId) => {
      const [row] = await this.#database.drizzle.select({ role: users.role }).from(users).where(eq(users.patientId, userId))
      return row?.role ?? null
    })
  }

  /** Ends the caller's session. A guest is erased with everything that is theirs. */
  async signOut(caller: Caller): Promise<void> {
    await this.#tokens.endSession(caller.sessionId)
    if (caller.role === 'guest') await this.#eraseGuestsWhere(eq(users.patientId, caller.userId))
  }

  /** A session without an account. */
  async continueAsGuest(language: Language): Promise<Session> {
    const [row] = await this.#database.drizzle
      .insert(users)
      .values({ patientId: uuidv7(), fullName: '', preferredLanguage: language, role: 'guest' })
      .returning()
    if (!row) throw new ContractError('internal')
    const tokens = await this.#tokens.startSession({ userId: row.patientId, role: 'guest' })
    return { ...tokens, user: toUser(row) }
  }

  /** Erases guests whose session was cut off; returns how many. Nobody can sign in to one again after a restart of the device's app. */
  async eraseGuests(): Promise<number> {
    return this.#eraseGuestsWhere(undefined)
  }

  async me(caller: Caller): Promise<User> {
    const [row] = await this.#database.drizzle.select().from(users).where(eq(users.patientId, caller.userId))
    // A valid token of a person who is gone.
    if (!row) throw new ContractError('unauthenticated')
    return toUser(row)
  }

  /** What a person's profile tells of them, to be concealed before anything leaves; null for somebody who is gone. */
  async profileOf(userId: string): Promise<Pick<User, 'full_name' | 'phone_number' | 'email'> | null> {
    const [row] = await this.#database.drizzle.select().from(users).where(eq(users.patientId, userId))
    return row ? toUser(row) : null
  }

  async updateProfile(caller: Caller, changes: ParsedInputOf<'accounts.updateProfile'>): Promise<User> {
    const rows = await refusingTaken(() =>
      this.#database.drizzle
        .update(users)
        .set({
          ...(changes.full_name === undefined ? {} : { fullName: changes.full_name }),
          ...(changes.email === undefined ? {} : { email: changes.email }),
          ...(changes.preferred_language === undefined ? {} : { preferredLanguage: changes.preferred_language }),
          updatedAt: sql`now()`,
        })
        .where(eq(users.patientId, caller.userId))
        .returning(),
    )
    const [row] = rows
    if (!row) throw new ContractError('unauthenticated')
    return toUser(row)
  }

  /** Changes the password; every session ends and a new one starts. Throws `invalid_credentials`. */
  async changePassword(caller: Caller, input: ParsedInputOf<'accounts.changePassword'>): Promise<Session> {
    const [row] = await this.#database.drizzle.select().from(users).where(eq(users.patientId, caller.userId))
    if (!row?.phoneNumber) throw new ContractError('unauthenticated')
    await this.#guard.admit(row.phoneNumber)
    if (!(await this.#hasher.compare(input.current_password, row.passwordHash))) throw new ContractError('invalid_credentials')
    await this.#guard.recordSuccess(row.phoneNumber)
    const passwordHash = await this.#hasher.hash(this.#policy.accept(input.new_password, 'new_password'))
    await this.#database.drizzle.update(users).set({ passwordHash, updatedAt: sql`now()` }).where(eq(users.patientId, caller.userId))
    await this.#tokens.endSessionsOf(caller.userId)
    const tokens = await this.#tokens.startSession({ userId: row.patientId, role: row.role })
    return { ...tokens, user: toUser(row) }
  }

  async #eraseGuestsWhere(condition: SQL | undefined): Promise<number> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.drizzle.delete(users).where(and(eq(users.role, 'guest'), condition)).returning({ id: users.patientId })
      if (rows.length > 0) await this.#onErased(rows.map((row) => row.id), transaction)
      return rows.length
    })
  }

  async #register(registration: Registration, role: Exclude<Role, 'guest'>): Promise<User> {
    const phoneNumber = normalisePhoneNumber(registration.phone_number)
    const password = this.#policy.accept(registration.password, 'password')
    // Asked first, so that a taken number is not hashed for nothing; the unique index decides in the end.
    const taken = await this.#database.drizzle.select({ id: users.patientId }).from(users).where(eq(users.phoneNumber, phoneNumber))
    if (taken.length > 0) throw new ContractError('phone_taken')
    const passwordHash = await this.#hasher.hash(password)
    const [row] = await refusingTaken(() =>
      this.#database.drizzle
        .insert(users)
        .values({
          patientId: uuidv7(),
          fullName: registration.full_name,
          phoneNumber,
          email: registration.email ?? null,
          preferredLanguage: registration.preferred_language,
          role,
          passwordHash,
        })
        .returning(),
    )
    if (!row) throw new ContractError('internal')
    return toUser(row)
  }
}

async function refusingTaken<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    if (violatesUnique(error, 'users_phone_number_key')) throw new ContractError('phone_taken', { cause: error })
    if (violatesUnique(error, 'users_email_key')) throw new ContractError('email_taken', { cause: error })
    throw error
  }
}

function toUser(row: typeof users.$inferSelect): User {
  return {
    patient_id: row.patientId,
    full_name: row.fullName,
    phone_number: row.phoneNumber,
    email: row.email,
    preferred_language: row.preferredLanguage,
    role: row.role,
    created_at: row.createdAt,
  }
}
