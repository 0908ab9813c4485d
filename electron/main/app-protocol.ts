/** Serves the window its packaged files over `carechat://app/`, every answer under the content security policy. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { protocol, type Session } from 'electron'
import { appScheme, isAppUrl } from './app-origin.js'
import { contentSecurityPolicy } from './content-security-policy.js'
import { problemPage, readProblem } from './problem-page.js'
import { resolveAppFile } from './resolve-app-file.js'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Has to be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }])
}

/** Answers the scheme in this session from the built renderer in `root`. */
export function serveApp(session: Session, root: string): void {
  session.protocol.handle(appScheme, async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, 'text/plain', '')
    const problem = isAppUrl(request.url) ? readProblem(new URL(request.url)) : null
    if (problem) return answer(200, contentTypes['.html'] ?? '', problemPage(problem))
    const file = resolveAppFile(root, request.url)
    const contentType = file ? contentTypes[path.extname(file)] : undefined
    if (!file || !contentType) return answer(404, 'text/plain', '')
    try {
      return answer(200, contentType, new Uint8Array(await readFile(file)))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return answer(404, 'text/plain', '')
      throw error
    }
  })
}

function answer(status: number, contentType: string, body: string | Uint8Array<ArrayBuffer>): Response {
  return new Response(body, {
    status,
    headers: {
      'Content-Type': contentType,
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
    },
  })
}
