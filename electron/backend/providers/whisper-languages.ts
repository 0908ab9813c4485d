/** The languages that Whisper knows, by code. Services name them by code ("fr") or in English ("french", "French"). */
const codes = (
  'en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw ' +
  'gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue'
).split(' ')

const englishNames = new Intl.DisplayNames('en', { type: 'language' })
const byName = new Map(codes.map((code) => [englishNames.of(code)?.toLowerCase() ?? code, code]))

/** The code of a language that a service named; null for one that Whisper does not know. */
export function whisperLanguageCode(name: string): string | null {
  const folded = name.trim().toLowerCase()
  return codes.includes(folded) ? folded : (byName.get(folded) ?? null)
}
