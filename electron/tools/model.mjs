/** `npm run model`: puts the embedding model under resources/models. */
import { installModel } from './install-model.mjs'

const problem = await installModel({ retry: true })
process.stdout.write(`${problem ?? 'The embedding model is in place.'}\n`)
process.exitCode = problem ? 1 : 0
