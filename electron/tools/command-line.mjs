import { resolve } from 'node:path'

/**
 * The arguments of a command with `--data DIR` made absolute: relative to the folder that the person was in, not to the project's.
 * @param {string[]} args
 * @returns {string[]}
 */
export function withAbsoluteDataFolder(args) {
  const from = process.env.INIT_CWD ?? process.cwd()
  return args.map((argument, index) => {
    if (args[index - 1] === '--data') return resolve(from, argument)
    if (argument.startsWith('--data=')) return `--data=${resolve(from, argument.slice('--data='.length))}`
    return argument
  })
}

/**
 * Of the arguments for the window, those that the served app knows too.
 * @param {string[]} args
 * @returns {string[]}
 */
export function servedArguments(args) {
  return args.filter((argument, index) => {
    if (['--data', '--port'].includes(args[index - 1])) return true
    return ['--data', '--port', '--kiosk'].includes(argument.split('=')[0])
  })
}
