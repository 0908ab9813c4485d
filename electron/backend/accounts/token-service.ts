/**
 * Access and refresh tokens: JWT, HS256, each kind under a random 256-bit key of its own that is made at first run and kept by the key store.
 * Refresh tokens rotate: each works once, and the reuse of a spent one ends every session that descends from the same sign-in.
 */
import { and, eq, gt, isNull } from 'drizzle-orm'
import { errors, jwtVerify, SignJWT } from 'jose'
import { v7 as uuidv7 } from 'uuid'
import type { Tokens } from '../../../shared/contract/accounts.js'
import { ContractError } from '../../../shared/contract/errors.js'
import { roles, type Role } from '../../../shared/contract/method.js'
import type { Database, QueryRunner } from '../database/database.js'
import type { KeyStore } from '../keys/key-store.js'
import { secretKey } from '../keys/secret-key.js'
import type { Caller } from '../transport/handlers.js'
import { refreshTokens } from './tables.js'

const issuer = 'carechat'
const audience = 'carechat-desktop'
/** Document A: access 30 minutes, refresh 7 days. */
export const accessTokenSeconds = 30 * 60
export const refreshTokenSeconds = 7 * 24 * 60 * 60
const algorithm = 'HS256'

type TokenType = 'access' | 'refresh'

export class TokenService {
  readonly #database: Database
  readonly #keys: Record<TokenType, Uint8Array>
  readonly #now: () => Date
  /** Sessions that ended while their access tokens still live, with the time when those have expired. */
  readonly #endedSessions = new Map<string, number>()
  /** Guests are erased at the next start: a guest's token of an earlier start opens nothing. */
  readonly #guestSessions = new Set<string>()

  private constructor(database: Database, keys: Record<TokenType, Uint8Array>, now: () => Date) {
    this.#database = database
    this.#keys = keys
    this.#now = now
  }

  /** Loads the keys, making them at first run, and the sessions that ended within the last access token's life. */
  static async create(parts: { database: Database; keyStore: KeyStore; now: () => Date }): Promise<TokenService> {
    const service = new TokenService(parts.database, { access: await secretKey(parts.keyStore, 'token.access.key'), refresh: await secretKey(parts.keyStore, 'token.refresh.key') }, parts.now)
    const since = new Date(parts.now().getTime() - accessTokenSeconds * 1000).toISOString()
    const ended = await parts.database.drizzle.selectDistinct({ familyId: refreshTokens.familyId }).from(refreshTokens).where(gt(refreshTokens.revokedAt, since))
    for (const { familyId } of ended) service.#rememberEnd(familyId)
    return service
  }

  /** Starts a session: the tokens of a fresh sign-in. */
  async startSession(person: { userId: string; role: Role }, queries: QueryRunner = this.#database): Promise<Tokens> {
    const sessionId = uuidv7()
    if (person.role === 'guest') this.#guestSessions.add(sessionId)
    return this.#issue({ ...person, sessionId }, uuidv7(), queries)
  }

  /**
   * Exchanges a refresh token. `roleOf` gives the person's role of today, or null when the account is gone.
   * Throws `token_expired` or `unauthenticated`; a reused token ends its whole session.
   */
  async refresh(token: string, roleOf: (userId: string) => Promise<Role | null>): Promise<Tokens> {
    const { caller, tokenId } = await this.#verify(token, 'refresh')
    const role = await roleOf(caller.userId)
    const successor = uuidv7()
    const outcome = await this.#database.transaction(async (transaction) => {
      const [row] = await transaction.drizzle
        .update(refreshTokens)
        .set({ replacedBy: successor })
        .where(and(eq(refreshTokens.tokenId, tokenId), isNull(refreshTokens.replacedBy), isNull(refreshTokens.revokedAt)))
        .returning({ familyId: refreshTokens.familyId })
      if (!row || role === null) return null
      return this.#issue({ ...caller, role, sessionId: row.familyId }, successor, transaction)
    })
    if (outcome) return outcome
    await this.endSession(caller.sessionId)
    throw new ContractError('unauthenticated')
  }

  /** Ends a session at once: its refresh tokens are revoked and its access tokens no longer accepted. */
  async endSession(sessionId: string): Promise<void> {
    this.#rememberEnd(sessionId)
    this.#guestSessions.delete(sessionId)
    await this.#database.drizzle
      .update(refreshTokens)
      .set({ revokedAt: this.#now().toISOString() })
      .where(and(eq(refreshTokens.familyId, sessionId), isNull(refreshTokens.revokedAt)))
  }

  /** Whether a session has a refresh token that still works: it was neither ended nor has it expired. */
  async sessionIsLive(sessionId: string): Promise<boolean> {
    if (this.#endedSessions.has(sessionId)) return false
    const rows = await this.#database.drizzle
      .select({ tokenId: refreshTokens.tokenId })
      .from(refreshTokens)
      .where(and(eq(refreshTokens.familyId, sessionId), isNull(refreshTokens.replacedBy), isNull(refreshTokens.revokedAt), gt(refreshTokens.expiresAt, this.#now().toISOString())))
      .limit(1)
    return rows.length > 0
  }

  /** Ends every session of a person. */
  async endSessionsOf(userId: string): Promise<void> {
    const rows = await this.#database.drizzle
      .update(refreshTokens)
      .set({ revokedAt: this.#now().toISOString() })
      .where(and(eq(refreshTokens.patientId, userId), isNull(refreshTokens.revokedAt)))
      .returning({ familyId: refreshTokens.familyId })
    for (const { familyId } of rows) this.#rememberEnd(familyId)
  }

  /** The caller behind an access token. Throws `token_expired` or `unauthenticated`. Reads no disk: every request passes here. */
  async verifyAccess(token: string): Promise<Caller> {
    const { caller } = await this.#verify(token, 'access')
    if (this.#endedSessions.has(caller.sessionId)) throw new ContractError('unauthenticated')
    if (caller.role === 'guest' && !this.#guestSessions.has(caller.sessionId)) throw new ContractError('unauthenticated')
    return caller
  }

  async #issue(caller: Caller, refreshId: string, queries: QueryRunner): Promise<Tokens> {
    const issuedAt = Math.floor(this.#now().getTime() / 1000)
    const expiresAt = issuedAt + refreshTokenSeconds
    await queries.drizzle.insert(refreshTokens).values({
      tokenId: refreshId,
      familyId: caller.sessionId,
      patientId: caller.userId,
      issuedAt: new Date(issuedAt * 1000).toISOString(),
      expiresAt: new Date(expiresAt * 1000).toISOString(),
    })
    const sign = (type: TokenType, tokenId: string, expires: number): Promise<string> =>
      new SignJWT({ token_type: type, role: caller.role, sid: caller.sessionId })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setSubject(caller.userId)
        .setJti(tokenId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expires)
        .sign(this.#keys[type])
    const [access, refresh] = await Promise.all([
      sign('access', uuidv7(), issuedAt + accessTokenSeconds),
      sign('refresh', refreshId, expiresAt),
    ])
    return { access_token: access, refresh_token: refresh, token_type: 'bearer', expires_in: accessTokenSeconds }
  }

  async #verify(token: string, type: TokenType): Promise<{ caller: Caller; tokenId: string }> {
    try {
      const { payload } = await jwtVerify(token, this.#keys[type], { algorithms: [algorithm], issuer, audience, currentDate: this.#now(), requiredClaims: ['sub', 'jti', 'exp'] })
      const role = roles.find((known) => known === payload['role'])
      const sessionId = payload['sid']
      if (payload['token_type'] !== type || !role || typeof sessionId !== 'string' || !payload.sub || !payload.jti) throw new ContractError('unauthenticated')
      return { caller: { userId: payload.sub, role, sessionId }, tokenId: payload.jti }
    } catch (error) {
      if (error instanceof ContractError) throw error
      throw new ContractError(error instanceof errors.JWTExpired ? 'token_expired' : 'unauthenticated', { cause: error })
    }
  }

  #rememberEnd(sessionId: string): void {
    const now = this.#now().getTime()
    for (const [id, until] of this.#endedSessions) if (until < now) this.#endedSessions.delete(id)
    this.#endedSessions.set(sessionId, now + accessTokenSeconds * 1000)
  }
}
