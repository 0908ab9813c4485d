import { spawn } from 'node:child_process'
import { projectFolder } from './project.mjs'

/**
 * Runs the app in the foreground until it ends: its output is ours, an interrupt or a request to end reaches it once.
 * @param {string} executable
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>} exit code
 */
export function runApp(executable, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, args, { cwd: projectFolder, env: { ...process.env, ...env }, stdio: 'inherit' })
    const pass = (signal) => child.kill(signal)
    // In a terminal Ctrl-C reaches the whole group: the app gets it there, and we only wait for it.
    const wait = () => { if (!process.stdin.isTTY) child.kill('SIGINT') }
    process.on('SIGTERM', pass)
    process.on('SIGHUP', pass)
    process.on('SIGINT', wait)
    // npm that is ended from outside does not pass it on; its scripts would live on and hold the port and the data folder.
    const parent = process.ppid
    const orphaned = () => { if (process.ppid !== parent) child.kill('SIGTERM') }
    const watch = process.env.npm_lifecycle_event ? setInterval(orphaned, 1000) : undefined
    child.once('error', reject)
    child.once('exit', () => clearInterval(watch))
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)))
  })
}
