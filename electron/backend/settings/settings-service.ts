/** Preferences of people and settings of the device; also the device store in which other domains keep theirs. */
import { and, eq, inArray, sql } from 'drizzle-orm'
import { deviceSettings, preferences, type DeviceSettings, type Preferences } from '../../../shared/contract/settings.js'
import type { Database, QueryRunner } from '../database/database.js'
import type { DeviceStore } from './device-store.js'
import { settings } from './tables.js'

const deviceScope = 'device'
const preferencesKey = 'preferences'
const deviceKey = 'device'

const defaultPreferences: Preferences = { theme: 'system', provider: null, model: null, temperature: null, use_rag: true }
const defaultDeviceSettings: DeviceSettings = { emergency_number: '', idle_minutes: 15, clinical_summaries_path: '' }

export class SettingsService implements DeviceStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async preferences(userId: string): Promise<Preferences> {
    const kept = preferences.partial().safeParse(await this.#read(userId, preferencesKey))
    return { ...defaultPreferences, ...withoutUndefined(kept.success ? kept.data : {}) }
  }

  async updatePreferences(userId: string, changes: { [Key in keyof Preferences]?: Preferences[Key] | undefined }): Promise<Preferences> {
    const changed = { ...(await this.preferences(userId)), ...withoutUndefined(changes) }
    await this.#write(userId, preferencesKey, changed)
    return changed
  }

  /** Erases what is kept of people who are erased themselves. */
  async erasePeople(userIds: readonly string[], queries: QueryRunner): Promise<void> {
    await queries.drizzle.delete(settings).where(inArray(settings.scope, [...userIds]))
  }

  async device(): Promise<DeviceSettings> {
    const kept = deviceSettings.partial().safeParse(await this.#read(deviceScope, deviceKey))
    return { ...defaultDeviceSettings, ...withoutUndefined(kept.success ? kept.data : {}) }
  }

  async updateDevice(changes: { [Key in keyof DeviceSettings]?: DeviceSettings[Key] | undefined }): Promise<DeviceSettings> {
    const changed = { ...(await this.device()), ...withoutUndefined(changes) }
    await this.#write(deviceScope, deviceKey, changed)
    return changed
  }

  read(key: string): Promise<unknown> {
    return this.#read(deviceScope, key)
  }

  write(key: string, value: unknown): Promise<void> {
    return this.#write(deviceScope, key, value)
  }

  async #read(scope: string, key: string): Promise<unknown> {
    const [row] = await this.#database.drizzle.select({ value: settings.value }).from(settings).where(and(eq(settings.scope, scope), eq(settings.key, key)))
    return row?.value ?? null
  }

  async #write(scope: string, key: string, value: unknown): Promise<void> {
    await this.#database.drizzle
      .insert(settings)
      .values({ scope, key, value })
      .onConflictDoUpdate({ target: [settings.scope, settings.key], set: { value, updatedAt: sql`now()` } })
  }
}

function withoutUndefined<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as { [Key in keyof Value]: Exclude<Value[Key], undefined> }
}
