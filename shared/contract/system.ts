/** What the device is and how it is. */
import { z } from 'zod'
import { empty } from './common.js'
import { call } from './method.js'
import { providerState } from './providers.js'

export const health = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  database: z.enum(['connected', 'recovering', 'unavailable']),
  service: z.string(),
  providers: z.record(z.string(), providerState.shape.health),
  retrieval: z.object({
    status: z.enum(['ready', 'building', 'keyword_only', 'unavailable']),
    documents: z.number().int(),
    passages: z.number().int(),
    /** Share of the index built, 0 to 1. */
    progress: z.number(),
    model: z.string().nullable(),
  }),
  sync: z.object({ status: z.enum(['off']) }),
})
export type Health = z.infer<typeof health>

export const system = {
  root: call({
    summary: 'Welcome line',
    access: 'anyone',
    input: empty,
    output: z.object({ message: z.string(), status: z.string() }),
    safe: true,
    rate: 'free',
    http: [{ method: 'GET', path: '/' }],
  }),
  info: call({
    summary: 'What the window needs before anybody signs in',
    access: 'anyone',
    input: empty,
    output: z.object({
      version: z.string(),
      mode: z.enum(['desktop', 'serve']),
      kiosk: z.boolean(),
      /** Where keys are kept: the system's key store, or a file only this user can read. */
      key_store: z.enum(['system', 'file']),
      has_administrator: z.boolean(),
      emergency_number: z.string(),
      idle_minutes: z.number().int(),
      /** Something the person should know about the last start, e.g. that a damaged folder was set aside. */
      notices: z.array(z.enum(['folder_quarantined', 'disk_failed'])),
    }),
    safe: true,
    rate: 'free',
  }),
  health: call({
    summary: 'Database, providers, retrieval, sync',
    access: 'anyone',
    input: empty,
    output: health,
    safe: true,
    rate: 'free',
    http: [{ method: 'GET', path: '/health' }],
  }),
  providerHealth: call({
    summary: 'Health of every language-model provider',
    access: 'anyone',
    input: empty,
    output: z.object({ status: z.enum(['available', 'unavailable', 'unknown']), providers: z.record(z.string(), providerState.pick({ configured: true, enabled: true, health: true, model: true, last_error: true })) }),
    safe: true,
    rate: 'free',
    http: [{ method: 'GET', path: '/health/llm' }],
  }),
}
