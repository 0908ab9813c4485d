/** Feedback on an answer. */
import { z } from 'zod'
import { timestamp, uuid } from './common.js'
import { call, signedIn } from './method.js'

export const feedbackEntry = z.object({
  feedback_id: uuid,
  message_id: uuid,
  rating: z.enum(['helpful', 'not_helpful']),
  comment: z.string().nullable(),
  created_at: timestamp,
})
export type FeedbackEntry = z.infer<typeof feedbackEntry>

export const feedback = {
  submit: call({
    summary: 'Rate an answer; one rating a person a message, the last one counts',
    access: signedIn,
    input: z.object({ message_id: uuid, rating: z.enum(['helpful', 'not_helpful']), comment: z.string().trim().max(2000).nullish() }),
    output: feedbackEntry,
  }),
}
