/** Accounts: sign-up, sign-in, token rotation, profile, staff, guests. Field names are document A's. */
import { z } from 'zod'
import { empty, language, timestamp, uuid } from './common.js'
import { administrators, call, registered, roles, signedIn } from './method.js'

export const fullName = z.string().trim().min(2).max(200)
/** As typed; normalised to E.164 with +237 as the default country by the accounts service. */
export const phoneNumber = z.string().trim().min(6).max(32)
export const email = z.email().max(255)
/** NFC-normalised by the service; bcrypt reads 72 bytes, a longer password is refused. */
export const password = z.string().min(8).max(72)

export const user = z.object({
  /** Document A's name for the person's id, staff included. */
  patient_id: uuid,
  full_name: z.string(),
  phone_number: z.string().nullable(),
  email: z.string().nullable(),
  preferred_language: language,
  role: z.enum(roles),
  created_at: timestamp,
})
export type User = z.infer<typeof user>

export const tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('bearer'),
  /** Seconds until the access token expires. */
  expires_in: z.number().int(),
})
export type Tokens = z.infer<typeof tokens>

export const session = tokens.extend({ user })
export type Session = z.infer<typeof session>

const registration = z.object({
  full_name: fullName,
  phone_number: phoneNumber,
  email: email.nullish().or(z.literal('').transform(() => null)),
  preferred_language: language.default('en'),
  password,
})

export const accounts = {
  signUp: call({
    summary: 'Register a patient by phone number',
    access: 'anyone',
    input: registration,
    output: user,
    http: [{ method: 'POST', path: '/signup' }],
  }),
  signIn: call({
    summary: 'Sign in with phone number and password',
    access: 'anyone',
    input: z.object({ phone_number: phoneNumber, password: z.string().min(1).max(200) }),
    output: session,
    http: [{ method: 'POST', path: '/login' }],
  }),
  refresh: call({
    summary: 'Exchange a refresh token for new tokens; each refresh token works once',
    access: 'anyone',
    input: z.object({ refresh_token: z.string().min(1).max(4096) }),
    output: tokens,
    http: [{ method: 'POST', path: '/refresh' }],
  }),
  signOut: call({
    summary: 'End this session; a guest’s data is erased',
    access: signedIn,
    input: z.object({ refresh_token: z.string().max(4096).optional() }),
    output: empty,
    http: [{ method: 'POST', path: '/logout' }],
  }),
  continueAsGuest: call({
    summary: 'A session without an account; its data is erased when it ends',
    access: 'anyone',
    input: z.object({ preferred_language: language.default('en') }),
    output: session,
  }),
  me: call({
    summary: 'The signed-in person',
    access: signedIn,
    input: empty,
    output: user,
    safe: true,
    rate: 'read',
    http: [
      { method: 'GET', path: '/me' },
      { method: 'GET', path: '/api/patient/me' },
    ],
  }),
  updateProfile: call({
    summary: 'Change name, e-mail or language',
    access: signedIn,
    input: z.object({ full_name: fullName.optional(), email: email.nullish(), preferred_language: language.optional() }),
    output: user,
    http: [{ method: 'PUT', path: '/api/patient/me' }],
  }),
  changePassword: call({
    summary: 'Change the password; every other session ends',
    access: registered,
    input: z.object({ current_password: z.string().min(1).max(200), new_password: password }),
    output: session,
  }),
  setUpAdministrator: call({
    summary: 'Make the one administrator of a new device, with the set-up code kept in its data folder',
    access: 'anyone',
    input: registration.extend({ setup_code: z.string().trim().min(4).max(64) }),
    output: user,
  }),
  createStaff: call({
    summary: 'Make a nurse or another administrator',
    access: administrators,
    input: registration.extend({ role: z.enum(['nurse', 'admin']) }),
    output: user,
  }),
  listStaff: call({
    summary: 'Nurses and administrators of this device',
    access: administrators,
    input: empty,
    output: z.object({ staff: z.array(user) }),
    safe: true,
    rate: 'read',
  }),
}
