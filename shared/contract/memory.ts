/** What the assistant remembers of a conversation: facts that the person stated, and the prompts as they were sent. */
import { z } from 'zod'
import { language, timestamp, uuid } from './common.js'
import { call, signedIn, staff } from './method.js'

/** Kinds of facts, in the order in which they are shown. `note`: a statement of the person that is of no other kind. */
export const factKinds = [
  'allergy',
  'pregnancy',
  'breastfeeding',
  'medicine',
  'condition',
  'operation',
  'hospital_stay',
  'blood_group',
  'symptom',
  'measurement',
  'test_result',
  'vaccination',
  'patient',
  'age',
  'weight',
  'height',
  'children',
  'appointment',
  'contact',
  'companion',
  'preference',
  'habit',
  'occupation',
  'address',
  'insurance',
  'note',
] as const
export const factKind = z.enum(factKinds)
export type FactKind = z.infer<typeof factKind>

export const rememberedFact = z.object({
  fact_id: uuid,
  /** The kind that it is listed under; `kinds` are all that it is of. */
  kind: factKind,
  kinds: z.array(factKind),
  /** In the person's own words, with corrections applied. */
  value: z.string(),
  /** Whom it is about when that is not the person that the conversation is for, in the words of the conversation ("my husband"). */
  person: z.string().nullable(),
  /** The message that said it last. */
  message_id: uuid,
  sequence: z.number().int(),
  lang: language,
  /** The fact that replaced it; null for a current one. */
  superseded_by: uuid.nullable(),
})
export type RememberedFact = z.infer<typeof rememberedFact>

export const promptMessage = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })

const factId = z.object({ fact_id: uuid })

export const memory = {
  remembered: call({
    summary: 'What the assistant remembers of one of the caller’s conversations; staff also see what was corrected',
    access: signedIn,
    input: z.object({ conversation_id: uuid }),
    output: z.object({
      conversation_id: uuid,
      facts: z.array(rememberedFact),
      /** The summary of older messages that a model wrote, if one did. */
      summary: z.string().nullable(),
    }),
    safe: true,
    rate: 'read',
  }),
  forget: call({
    summary: 'Forget a fact; it does not come back from the same message. It can be restored within the undo window, then its words are erased',
    access: signedIn,
    input: factId,
    output: z.object({ fact_id: uuid, restorable_until: timestamp }),
  }),
  restore: call({ summary: 'Undo the forgetting of a fact', access: signedIn, input: factId, output: z.object({ fact_id: uuid }) }),
  prompt: call({
    summary: 'The prompt that an answer was made from, as it was sent to the provider; of the caller’s own conversations',
    access: staff,
    input: z.object({ message_id: uuid }),
    output: z.object({ message_id: uuid, messages: z.array(promptMessage), created_at: timestamp }),
    safe: true,
    rate: 'read',
  }),
}
