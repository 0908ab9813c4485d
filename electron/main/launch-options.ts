import path from 'node:path'

export interface LaunchOptions {
  /** Where everything is kept, absolute; null: the system's folder for this app's data. */
  dataFolder: string | null
  kiosk: boolean
}

/** Reads the app's own arguments; Chromium's switches and anything unknown are left alone. */
export function readLaunchOptions(argv: readonly string[], workingFolder: string): LaunchOptions {
  let dataFolder: string | null = null
  argv.forEach((argument, index) => {
    if (argument.startsWith('--data=')) dataFolder = argument.slice('--data='.length)
    else if (argument === '--data') dataFolder = argv[index + 1] ?? null
  })
  return {
    dataFolder: dataFolder ? path.resolve(workingFolder, dataFolder) : null,
    kiosk: argv.includes('--kiosk'),
  }
}
