/** Shows what a command is doing: one line a step, with its time, and a sign of life while it lasts. */

const interactive = process.stdout.isTTY === true

/**
 * Runs a step that takes time and shows it.
 * @template T
 * @param {string} title what is being done
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function step(title, action) {
  const started = performance.now()
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`
  process.stdout.write(interactive ? `… ${title}` : `… ${title}\n`)
  const timer = setInterval(() => {
    process.stdout.write(interactive ? `\r… ${title} (${seconds()})` : `  … still at it after ${seconds()}\n`)
  }, interactive ? 500 : 15_000)
  try {
    const result = await action()
    process.stdout.write(`${interactive ? '\r' : ''}✓ ${title} (${seconds()})\n`)
    return result
  } catch (error) {
    process.stdout.write(`${interactive ? '\r' : ''}✗ ${title} (${seconds()})\n`)
    throw error
  } finally {
    clearInterval(timer)
  }
}
