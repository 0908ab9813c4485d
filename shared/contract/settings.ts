/** Preferences of a person and of the device. */
import { z } from 'zod'
import { empty, providerName } from './common.js'
import { administrators, call, signedIn } from './method.js'

export const themes = ['system', 'light', 'dark'] as const

export const preferences = z.object({
  theme: z.enum(themes),
  provider: providerName.nullable(),
  model: z.string().max(120).nullable(),
  temperature: z.number().min(0).max(2).nullable(),
  use_rag: z.boolean(),
  /** When a model completes an answer that was made from the passages; null leaves it to the role: by itself for staff, on a tap for others. */
  complete_answers: z.enum(['automatic', 'on_tap', 'never']).nullable(),
  /** What was said is sent as soon as it was understood; otherwise the person reads it first. */
  send_voice_at_once: z.boolean(),
})
export type Preferences = z.infer<typeof preferences>

export const deviceSettings = z.object({
  /** Shown on the emergency card; empty until the hospital has set it. */
  emergency_number: z.string().trim().max(32),
  /** Minutes without a touch before a signed-in session is locked; 0 never. */
  idle_minutes: z.number().int().min(0).max(240),
  /** Path of the production clinical_summaries.csv; empty uses none. */
  clinical_summaries_path: z.string().max(1000),
  /** Folder whose documents are taken in for the ward by themselves; empty uses none. */
  watch_folder: z.string().trim().max(1000),
  /** Folder of the Whisper model that turns speech into text on this device; empty uses the one that came with the app, if any. */
  speech_model_folder: z.string().trim().max(1000),
  /** `reviewed_only`: patients and guests get documents that a clinician has reviewed and no others; meant for kiosks in production. */
  content_policy: z.enum(['all', 'reviewed_only']),
})
export type DeviceSettings = z.infer<typeof deviceSettings>

export const settings = {
  preferences: call({ summary: 'The caller’s preferences', access: signedIn, input: empty, output: preferences, safe: true, rate: 'read' }),
  updatePreferences: call({ summary: 'Change some preferences', access: signedIn, input: preferences.partial(), output: preferences, rate: 'read' }),
  device: call({ summary: 'Settings of this device', access: administrators, input: empty, output: deviceSettings, safe: true, rate: 'read' }),
  updateDevice: call({ summary: 'Change settings of this device', access: administrators, input: deviceSettings.partial(), output: deviceSettings }),
}
