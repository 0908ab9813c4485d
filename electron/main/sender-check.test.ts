import { describe, expect, it } from 'vitest'
import { isTrustedSender, type Frame } from './sender-check.js'

const mainFrame: Frame = { url: 'carechat://app/', processId: 5, routingId: 1 }

describe('isTrustedSender', () => {
  it('trusts the main frame with a page of the app', () => {
    expect(isTrustedSender({ ...mainFrame }, mainFrame)).toBe(true)
  })

  it.each<[string, Frame | null]>([
    ['a frame that is gone', null],
    ['a frame inside the page', { ...mainFrame, routingId: 2 }],
    ['the main frame of another window', { ...mainFrame, processId: 6 }],
    ['another origin', { ...mainFrame, url: 'https://app/' }],
    ['another host', { ...mainFrame, url: 'carechat://app.example/' }],
    ['an empty page', { ...mainFrame, url: '' }],
    ['a blank page', { ...mainFrame, url: 'about:blank' }],
  ])('does not trust %s', (_name, sender) => {
    expect(isTrustedSender(sender, mainFrame)).toBe(false)
  })
})
