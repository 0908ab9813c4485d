import type { ChatEvent } from '../../../shared/contract/chat.js'
import { mergeMessages, newActivity, type Thread } from './thread.js'

/** The thread after one event of an answer. */
export function applyChatEvent(thread: Thread, event: ChatEvent): Thread {
  const activity = thread.activity ?? newActivity('send', null, null)
  switch (event.type) {
    case 'accepted': {
      // From here on a changed question and what followed it are versions of the past.
      const { replacesFrom } = activity
      const kept = replacesFrom === null ? thread.messages : thread.messages.filter((message) => message.sequence < replacesFrom)
      return {
        ...thread,
        status: 'ready',
        messages: mergeMessages(kept, [event.user_message]),
        activity: { ...activity, phase: 'waiting', unsavedQuestion: null },
      }
    }
    case 'triage':
      return { ...thread, activity: { ...activity, triage: event.finding } }
    case 'sources':
      return { ...thread, activity: { ...activity, sources: event.sources } }
    case 'started': {
      const text = activity.live?.messageId === event.message_id ? activity.live.text : ''
      const live = { messageId: event.message_id, text, provider: event.provider, model: event.model }
      return { ...thread, activity: { ...activity, fallbackFrom: null, live } }
    }
    case 'delta': {
      if (activity.live?.messageId !== event.message_id) return thread
      return { ...thread, activity: { ...activity, phase: 'writing', live: { ...activity.live, text: activity.live.text + event.text } } }
    }
    case 'withheld':
      // What was shown of it is taken back; the passages answer in its place.
      return {
        ...thread,
        activity: { ...activity, phase: 'waiting', withheld: true, live: activity.live?.messageId === event.message_id ? { ...activity.live, text: '' } : activity.live },
      }
    case 'fallback':
      return { ...thread, activity: { ...activity, fallbackFrom: event.from } }
    case 'final':
      return {
        ...thread,
        messages: mergeMessages(thread.messages, [event.message]),
        activity: { ...activity, phase: 'waiting', live: activity.live?.messageId === event.message.message_id ? null : activity.live },
      }
  }
}
