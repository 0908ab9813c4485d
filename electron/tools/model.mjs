/** `npm run model`: puts the embedding model under resources/models. */
import { runEntry } from './entry.mjs'
import { installModel } from './install-model.mjs'

await runEntry(async () => {
  const problem = await installModel({ retry: true })
  process.stdout.write(`${problem ?? 'The embedding model is in place.'}\n`)
  return problem ? 1 : 0
})
