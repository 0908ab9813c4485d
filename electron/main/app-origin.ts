/** The window's only origin. A scheme of our own: no port to listen on, and nothing else can claim it. */
export const appScheme = 'carechat'
export const appHost = 'app'
export const appOrigin = `${appScheme}://${appHost}`

/** Whether a page of this address is the app's own. Node has no origin for schemes it does not know, so the parts are compared. */
export function isAppUrl(address: string): boolean {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  return url.protocol === `${appScheme}:` && url.host === appHost && url.username === '' && url.password === ''
}
