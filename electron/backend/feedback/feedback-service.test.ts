import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestBackend, type TestBackend } from '../testing/test-backend.js'

let backend: TestBackend

beforeAll(async () => void (backend = await startTestBackend({ model: false })))
afterAll(() => backend.remove())

it('keeps one rating a person an answer, the last one, and only of one’s own answers', async () => {
  const { client } = await backend.patient('+237650005001')
  const { assistant_message, user_message } = await client.chat.send({ message: 'Bonjour' })
  const { message_id } = assistant_message
  const first = await client.feedback.submit({ message_id, rating: 'not_helpful', comment: '  Too short  ' })
  expect(first).toMatchObject({ message_id, rating: 'not_helpful', comment: 'Too short' })
  const second = await client.feedback.submit({ message_id, rating: 'helpful' })
  expect(second).toEqual({ ...first, rating: 'helpful', comment: null })
  expect(await backend.database.query('select 1 from feedback')).toHaveLength(1)

  await expect(client.feedback.submit({ message_id: user_message.message_id, rating: 'helpful' })).rejects.toMatchObject({ code: 'not_found' })
  const { client: other } = await backend.patient('+237650005002')
  await expect(other.feedback.submit({ message_id, rating: 'helpful' })).rejects.toMatchObject({ code: 'forbidden' })
  await client.conversations.deleteMessage({ message_id })
  await expect(client.feedback.submit({ message_id, rating: 'helpful' })).rejects.toMatchObject({ code: 'not_found' })
})
