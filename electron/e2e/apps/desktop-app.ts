import { once } from 'node:events'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import type { App, StartOptions } from './app.js'
import { killAll } from './end-processes.js'
import { appEnvironment } from './environment.js'
import { electronExecutable, microphoneSwitches, projectFolder, sandboxSwitches } from './executables.js'

/** The desktop app from the project's folder. */
export class DesktopApp implements App {
  readonly target = 'desktop'
  readonly electron: ElectronApplication
  readonly page: Page
  readonly dataFolder: string
  readonly #errors: () => string

  private constructor(electron: ElectronApplication, page: Page, dataFolder: string, errors: () => string) {
    this.electron = electron
    this.page = page
    this.dataFolder = dataFolder
    this.#errors = errors
  }

  static async start(options: StartOptions): Promise<DesktopApp> {
    const electron = await _electron.launch(await desktopLaunch(options))
    let errors = ''
    electron.process().stderr?.on('data', (piece: Buffer) => (errors += piece.toString()))
    const page = await electron.firstWindow()
    await page.waitForLoadState()
    return new DesktopApp(electron, page, options.dataFolder, () => errors)
  }

  errors(): string {
    return this.#errors()
  }

  async killBackend(): Promise<void> {
    const pid = await this.electron.evaluate(({ app }) => app.getAppMetrics().find(({ name, serviceName }) => [name, serviceName].includes('CareChat backend'))?.pid)
    if (pid === undefined) throw new Error('there is no backend process')
    killAll([pid])
  }

  async restoreBackend(): Promise<void> {
    // The shell does.
  }

  async kill(): Promise<void> {
    const pids = await this.electron.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid))
    await this.#ending(() => killAll([...pids, this.electron.process().pid ?? 0].filter((pid) => pid > 0)))
  }

  async stop(): Promise<void> {
    await this.electron.close()
  }

  async #ending(action: () => void): Promise<void> {
    const child = this.electron.process()
    const exit = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve()
    action()
    await exit
  }
}

/** What a start of the desktop app takes. */
export async function desktopLaunch({ dataFolder, environment, kiosk, microphone }: StartOptions): Promise<{ executablePath: string; args: string[]; cwd: string; env: Record<string, string> }> {
  return {
    executablePath: await electronExecutable(),
    args: [...sandboxSwitches, ...microphoneSwitches(microphone), projectFolder, '--data', dataFolder, ...(kiosk ? ['--kiosk'] : [])],
    cwd: projectFolder,
    env: appEnvironment(environment),
  }
}
