/** Preferences of people and settings of the device; also the device store in which other domains keep theirs. */
import { and, eq, inArray, sql } from 'drizzle-orm'
import { deviceSettings, preferences, type DeviceSettings, type Preferences } from '../../../shared/contract/settings.js'
import type { Database, QueryRunner } from '../database/database.js'
import type { DeviceStore } from './device-store.js'
import { settings } from './tables.js'

const deviceScope = 'device'
const preferencesKey = 'preferences'
const deviceKey = 'device'

const defaultPreferences: Preferences = { theme: 'system', provider: null, model: null, temperature: null, use_rag: true, complete_answers: null, send_voice_at_once: false }
/** Minutes until a session left alone is closed, until the administrator sets them: a kiosk's next person is already waiting. */
const defaultIdleMinutes = { kiosk: 2, workstation: 15 }

export class SettingsService implements DeviceStore {
  readonly #database: Database
  readonly #defaultDeviceSettings: DeviceSettings

  readonly #deviceListeners = new Set<(settings: DeviceSettings) => void>()

  constructor(database: Database, device: { kiosk: boolean } = { kiosk: false }) {
    this.#database = database
    this.#defaultDeviceSettings = {
      emergency_number: '',
      idle_minutes: device.kiosk ? defaultIdleMinutes.kiosk : defaultIdleMinutes.workstation,
      clinical_summaries_path: '',
      watch_folder: '',
      speech_model_folder: '',
      content_policy: 'all',
    }
  }

  async preferences(userId: string, queries: QueryRunner = this.#database): Promise<Preferences> {
    const kept = preferences.partial().safeParse(await this.#read(userId, preferencesKey, queries))
    return { ...defaultPreferences, ...withoutUndefined(kept.success ? kept.data : {}) }
  }

  async updatePreferences(userId: string, changes: { [Key in keyof Preferences]?: Preferences[Key] | undefined }): Promise<Preferences> {
    // Transactions follow one another, so that two changes at once are both kept.
    return this.#database.transaction(async (transaction) => {
      const changed = { ...(await this.preferences(userId, transaction)), ...withoutUndefined(changes) }
      await this.#write(userId, preferencesKey, changed, transaction)
      return changed
    })
  }

  /** Erases what is kept of people who are erased themselves. */
  async erasePeople(userIds: readonly string[], queries: QueryRunner): Promise<void> {
    await queries.drizzle.delete(settings).where(inArray(settings.scope, [...userIds]))
  }

  async device(queries: QueryRunner = this.#database): Promise<DeviceSettings> {
    const kept = deviceSettings.partial().safeParse(await this.#read(deviceScope, deviceKey, queries))
    return { ...this.#defaultDeviceSettings, ...withoutUndefined(kept.success ? kept.data : {}) }
  }

  async updateDevice(changes: { [Key in keyof DeviceSettings]?: DeviceSettings[Key] | undefined }): Promise<DeviceSettings> {
    const settings = await this.#database.transaction(async (transaction) => {
      const changed = { ...(await this.device(transaction)), ...withoutUndefined(changes) }
      await this.#write(deviceScope, deviceKey, changed, transaction)
      return changed
    })
    for (const listener of this.#deviceListeners) listener(settings)
    return settings
  }

  /** Calls the listener after every change of the device's settings. */
  onDeviceChange(listener: (settings: DeviceSettings) => void): void {
    this.#deviceListeners.add(listener)
  }

  read(key: string): Promise<unknown> {
    return this.#read(deviceScope, key, this.#database)
  }

  write(key: string, value: unknown): Promise<void> {
    return this.#write(deviceScope, key, value, this.#database)
  }

  async #read(scope: string, key: string, queries: QueryRunner): Promise<unknown> {
    const [row] = await queries.drizzle.select({ value: settings.value }).from(settings).where(and(eq(settings.scope, scope), eq(settings.key, key)))
    return row?.value ?? null
  }

  async #write(scope: string, key: string, value: unknown, queries: QueryRunner): Promise<void> {
    await queries.drizzle
      .insert(settings)
      .values({ scope, key, value })
      .onConflictDoUpdate({ target: [settings.scope, settings.key], set: { value, updatedAt: sql`now()` } })
  }
}

function withoutUndefined<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as { [Key in keyof Value]: Exclude<Value[Key], undefined> }
}
