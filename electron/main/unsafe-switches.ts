import path from 'node:path'

/** Switches that open a packaged app to whoever starts it: debuggers, code from outside, a window without its sandbox or its rules. */
const refused = [
  /^--?inspect(-|=|$)/,
  /^--remote-debugging-/,
  /^--(no-sandbox|disable-web-security|allow-running-insecure-content|single-process|no-zygote|disable-site-isolation-trials)(=|$)/,
  /^--(load-extension|js-flags|gpu-launcher|renderer-cmd-prefix|utility-cmd-prefix|browser-subprocess-path|host-rules|host-resolver-rules|proxy-server)(=|$)/,
]

export interface SwitchContext {
  argv: readonly string[]
  packaged: boolean
  environment: Readonly<Record<string, string | undefined>>
  /** The folder that this start was told to use, null when it uses the person's own. */
  dataFolder: string | null
  temporaryFolder: string
}

/**
 * The switches for which a start is refused. The packaged app's end-to-end tests need some of them; they are let through only together with
 * CARECHAT_E2E=1 and a data folder below the system's temporary folder, so that no such start ever sees anybody's data.
 */
export function refusedSwitches({ argv, packaged, environment, dataFolder, temporaryFolder }: SwitchContext): string[] {
  if (!packaged) return []
  const found = argv.slice(1).filter((argument) => refused.some((pattern) => pattern.test(argument)))
  const underTest = environment['CARECHAT_E2E'] === '1' && dataFolder !== null && isInside(dataFolder, temporaryFolder)
  return underTest ? [] : found
}

function isInside(folder: string, parent: string): boolean {
  const relative = path.relative(parent, folder)
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
}
