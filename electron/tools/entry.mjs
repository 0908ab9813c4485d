import { pathToFileURL } from 'node:url'

/** An obstacle that a person can do something about; shown as its sentence, without a stack. */
export class Obstacle extends Error {}

/** Whether the module of this `import.meta.url` is the command that was started, not one that another imported. */
export function isEntry(url) {
  return process.argv[1] !== undefined && url === pathToFileURL(process.argv[1]).href
}

/**
 * Runs a command and ends with its exit code.
 * @param {() => Promise<number | void>} action
 */
export async function runEntry(action) {
  try {
    process.exitCode = (await action()) ?? 0
  } catch (error) {
    process.stderr.write(`${error instanceof Obstacle ? error.message : (error.stack ?? error)}\n`)
    process.exitCode = 1
  }
}
