import { spawn } from 'node:child_process'
import { projectFolder } from './project.mjs'

/** A command that ended with another code than 0; `output` is the end of what it printed. */
export class CommandFailed extends Error {
  constructor(command, code, output) {
    super(`${command} ended with ${code}${output ? `:\n${output}` : ''}`)
    this.name = 'CommandFailed'
    this.code = code
    this.output = output
  }
}

/**
 * Runs a command to its end, without a shell and without standard input.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, show?: boolean, timeoutMs?: number }} [options]
 *   `show` passes its output on; otherwise it is collected. After `timeoutMs` the command is ended.
 * @returns {Promise<string>} standard output, when it was collected
 * @throws {CommandFailed}
 */
export function runCommand(command, args, { cwd = projectFolder, env = {}, show = false, timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    // npm is a script (npm.cmd) on Windows, which needs the shell.
    const shell = process.platform === 'win32' && (command === 'npm' || command === 'npx')
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      shell,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      ...(timeoutMs ? { timeout: timeoutMs } : {}),
    })
    const standardOutput = []
    const everything = []
    child.stdout?.on('data', (data) => { standardOutput.push(data); everything.push(data) })
    child.stderr?.on('data', (data) => everything.push(data))
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(standardOutput).toString())
      reject(new CommandFailed([command, ...args].join(' '), code ?? signal, Buffer.concat(everything).toString().slice(-16_000).trim()))
    })
  })
}
