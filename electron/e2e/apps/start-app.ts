import type { App, StartOptions, Target } from './app.js'
import { DesktopApp } from './desktop-app.js'
import { PackagedApp } from './packaged-app.js'
import { ServedApp } from './served-app.js'

/** Starts CareChat as the target says. */
export function startApp(target: Target, options: StartOptions): Promise<App> {
  if (target === 'desktop') return DesktopApp.start(options)
  if (target === 'packaged') return PackagedApp.start(options)
  return ServedApp.start(options)
}
