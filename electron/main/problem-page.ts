/** What the window shows when the app cannot run at all: a page of words in both languages, without script. A kiosk gets no dialog. */
import { appOrigin } from './app-origin.js'

const problems = {
  folder_in_use: {
    en: ['CareChat is already running', 'Another CareChat on this device has the same data folder open. Close it, then start this one again.'],
    fr: ['CareChat est déjà en cours', 'Un autre CareChat de cet appareil utilise déjà le même dossier de données. Fermez-le, puis relancez celui-ci.'],
  },
  folder_newer: {
    en: ['These data belong to a newer CareChat', 'They were written by a newer version and are left untouched. Install that version or a later one.'],
    fr: ['Ces données viennent d’un CareChat plus récent', 'Elles ont été écrites par une version plus récente et restent intactes. Installez cette version ou une suivante.'],
  },
  no_key_store: {
    en: [
      'The keys cannot be kept safely on this device',
      'The operating system offers no key store, so CareChat does not start. Unlock or install a keyring, or let the administrator set CARECHAT_KEY_STORE=file to keep the keys in a file that only this user can read.',
    ],
    fr: [
      'Les clés ne peuvent pas être gardées en sécurité sur cet appareil',
      'Le système n’offre pas de trousseau de clés ; CareChat ne démarre donc pas. Déverrouillez ou installez un trousseau, ou demandez à l’administrateur de définir CARECHAT_KEY_STORE=file pour garder les clés dans un fichier lisible par ce seul utilisateur.',
    ],
  },
  keys_locked: {
    en: [
      'The keys of this device cannot be opened',
      'They were sealed by the operating system’s key store, which is not available now or belongs to another user. Nothing was changed or deleted. Sign in to the system as before, then start CareChat again.',
    ],
    fr: [
      'Les clés de cet appareil ne peuvent pas être ouvertes',
      'Elles ont été scellées par le trousseau du système, qui n’est pas disponible ou appartient à un autre utilisateur. Rien n’a été modifié ni supprimé. Ouvrez la session habituelle du système, puis relancez CareChat.',
    ],
  },
} as const

export type Problem = keyof typeof problems

/** Address of the page. */
export function problemAddress(problem: Problem): string {
  return `${appOrigin}/problem?code=${problem}`
}

/** The problem that an address asks for, or null. */
export function readProblem(url: URL): Problem | null {
  if (url.pathname !== '/problem') return null
  const code = url.searchParams.get('code')
  return code !== null && Object.hasOwn(problems, code) ? (code as Problem) : null
}

/** The page as HTML. */
export function problemPage(problem: Problem): string {
  const { en, fr } = problems[problem]
  const part = (language: string, [title, text]: readonly [string, string]): string => `<section lang="${language}"><h1>${title}</h1><p>${text}</p></section>`
  return `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>CareChat</title>
<style>
:root { color-scheme: light dark; --page: #faf7f0; --text: #1b2a28; --rule: #0e5a52 }
@media (prefers-color-scheme: dark) { :root { --page: #0f1817; --text: #e8efec; --rule: #74cabd } }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; gap: 2.5rem; padding: 2rem; box-sizing: border-box; background: var(--page); color: var(--text); font: 1.125rem/1.6 system-ui, sans-serif }
section { max-width: 36rem; border-inline-start: 4px solid var(--rule); padding-inline-start: 1.25rem }
h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 .5rem } p { margin: 0 }
</style></head><body role="alert">${part('fr', fr)}${part('en', en)}</body></html>`
}
