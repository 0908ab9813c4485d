/**
 * Whether a server answers this address within a few seconds. Behind a proxy Node's `fetch` cannot tell, so the answer is yes
 * and the download itself finds out.
 * @param {string} url
 * @param {number} [timeoutMs]
 */
export async function reachable(url, timeoutMs = 4000) {
  const { HTTPS_PROXY, https_proxy: httpsProxy, ELECTRON_GET_USE_PROXY } = process.env
  if (HTTPS_PROXY || httpsProxy || ELECTRON_GET_USE_PROXY) return true
  try {
    const response = await fetch(url, { method: 'HEAD', redirect: 'follow', signal: AbortSignal.timeout(timeoutMs) })
    return response.ok
  } catch {
    // No name, no route, refused, too slow: all of them mean that it cannot be had from here.
    return false
  }
}
