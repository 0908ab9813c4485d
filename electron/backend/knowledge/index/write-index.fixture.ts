/** A process that writes the clinical index again and again until it is killed; prints a line when a write is on disk. */
import { ClinicalIndex } from './clinical-index.js'

const folder = process.argv[2]
if (!folder) throw new Error('the folder is missing')
const index = new ClinicalIndex({ folder, model: 'test-model', dimensions: 32, segmentItems: 100 })
const item = (id: number) => ({ passageId: `p${id}`, contentHash: `h${id}`, vector: Float32Array.from({ length: 32 }, (_, at) => Math.sin(id * 32 + at)) })

async function writeForEver(): Promise<never> {
  for (let round = 0; ; round++) {
    await index.write({ remove: [], add: Array.from({ length: 40 }, (_, at) => item(round * 40 + at)) })
    process.stdout.write(`written ${round}\n`)
  }
}
void writeForEver()
