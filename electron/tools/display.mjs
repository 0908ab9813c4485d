import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

/**
 * Whether a window can be shown: always on Windows and macOS; elsewhere an X server that takes connections, or a Wayland socket.
 * @param {Record<string, string | undefined>} [env]
 * @returns {Promise<'native' | 'x11' | 'wayland' | null>}
 */
export async function findDisplay(env = process.env) {
  if (process.platform === 'win32' || process.platform === 'darwin') return 'native'
  const { DISPLAY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR } = env
  if (DISPLAY && (await answers(DISPLAY))) return 'x11'
  if (WAYLAND_DISPLAY && XDG_RUNTIME_DIR && existsSync(join(XDG_RUNTIME_DIR, WAYLAND_DISPLAY))) return 'wayland'
  return null
}

/** `[host]:number[.screen]`: display N listens on /tmp/.X11-unix/XN, over the network on port 6000 + N. */
async function answers(display) {
  const [, host = '', number] = /^(.*):(\d+)(?:\.\d+)?$/.exec(display) ?? []
  if (number === undefined) return false
  const socket = `/tmp/.X11-unix/X${number}`
  const local = host === '' || host === 'unix'
  // On Linux an X server may listen on the abstract socket of that name alone.
  const addresses = local ? [{ path: socket }, { path: `\0${socket}` }] : [{ host, port: 6000 + Number(number) }]
  for (const address of addresses) if (await connects(address)) return true
  return false
}

function connects(address) {
  return new Promise((resolve) => {
    const socket = connect(address)
    const finish = (result) => { socket.destroy(); resolve(result) }
    socket.setTimeout(2000, () => finish(false))
    socket.once('connect', () => finish(true))
    socket.once('error', () => finish(false))
  })
}
