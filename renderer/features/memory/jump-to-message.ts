import type { ChatStore } from '../chat/chat-store.js'

/** Pages of earlier messages that are fetched at most on the way to one. */
const mostPages = 40
/** How long a message is marked after a jump, ms. */
const markedMs = 2_500

const elementOf = (messageId: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(messageId)}"]`)
const nextFrame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()))

/** Brings a message into sight and the focus to it, fetching earlier messages as far as needed. @returns whether it was found. @throws ContractError */
export async function jumpToMessage(chat: ChatStore, conversationKey: string, messageId: string): Promise<boolean> {
  for (let page = 0; page < mostPages && !elementOf(messageId); page++) {
    if (!chat.getState().threads[conversationKey]?.hasEarlier) break
    await chat.loadEarlier(conversationKey)
    await nextFrame()
  }
  const element = elementOf(messageId)
  if (!element) return false
  element.scrollIntoView({ block: 'center' })
  element.tabIndex = -1
  element.focus({ preventScroll: true })
  element.dataset['marked'] = ''
  setTimeout(() => delete element.dataset['marked'], markedMs)
  return true
}
