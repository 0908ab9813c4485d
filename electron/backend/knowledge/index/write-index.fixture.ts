/** A process that writes the clinical index again and again until it is killed; prints a line at the start of every write. */
import { ClinicalIndex } from './clinical-index.js'

const folder = process.argv[2]
if (!folder) throw new Error('the folder is missing')
const index = new ClinicalIndex(folder, 'test-model', 32)
const item = (id: number) => ({ passageId: `p${id}`, contentHash: `h${id}`, vector: Float32Array.from({ length: 32 }, (_, at) => Math.sin(id * 32 + at)) })

async function writeForEver(): Promise<never> {
  for (let round = 0; ; round++) {
    process.stdout.write(`write ${round}\n`)
    await index.write({ remove: [], add: Array.from({ length: 40 }, (_, at) => item(round * 40 + at)), fresh: round % 25 === 0 })
  }
}
void writeForEver()
