/** The rules of the window's session: no permission but copying, no request that leaves the app, no download on a kiosk. */
import type { Session } from 'electron'
import { isAppUrl } from './app-origin.js'

/** `navigator.clipboard.writeText` for "copy this answer"; reading the clipboard is not in it. */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

export function guardSession(session: Session, { kiosk }: { kiosk: boolean }): void {
  const permits = (permission: string, address: string): boolean => allowedPermissions.has(permission) && isAppUrl(address)
  session.setPermissionRequestHandler((_contents, permission, respond, details) => {
    const { isMainFrame, requestingUrl } = details
    const hears = permission === 'media' && hearsAlone('mediaTypes' in details ? details.mediaTypes : undefined) && isAppUrl(requestingUrl)
    respond(isMainFrame && (hears || permits(permission, requestingUrl)))
  })
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    const hears = permission === 'media' && details.mediaType === 'audio' && isAppUrl(origin)
    return hears || permits(permission, origin)
  })
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  // The page's policy forbids every connection already; this holds for what a page policy does not reach, such as prefetching.
  session.webRequest.onBeforeRequest((details, respond) => respond({ cancel: /^(https?|wss?|ftp|file):/.test(details.url) }))
  session.on('will-download', (event) => {
    if (kiosk) event.preventDefault()
  })
}

/** Whether a page asks for the microphone and for nothing else: no camera, no screen. */
export function hearsAlone(mediaTypes: readonly string[] | undefined): boolean {
  return mediaTypes?.length === 1 && mediaTypes[0] === 'audio'
}
