/**
 * A process that has a database folder open and adds rows to the table `kept` for ever, printing each number once it is acknowledged;
 * until it is killed, or until its disk fails, as asked. Arguments: the database folder; the acknowledged row after which the disk fails
 * (0: never); the position of the failing operation from there; the error's code.
 */
import fs from 'node:fs'
import { Database } from '../database.js'
import { DiskControl, type DiskFailureCode } from './disk-control.js'

const [folder, failAfter, position, code] = process.argv.slice(2)
if (!folder) throw new Error('the folder is missing')
const control = new DiskControl()
const say = (line: string): void => void fs.writeSync(1, `${line}\n`)

async function addForEver(databasePath: string): Promise<never> {
  const database = await Database.open({
    folder: databasePath,
    onThreadEnd: (exitCode) => process.exit(exitCode === 0 ? 1 : exitCode),
    workerSource: new URL('./faulty-database-worker.ts', import.meta.url),
    workerData: { disk: control.memory },
  })
  await database.execute('create table if not exists kept (id integer primary key, content text not null)')
  const [last] = await database.query<{ id: number }>('select coalesce(max(id), 0) as id from kept')
  let armed = false
  for (let id = (last?.id ?? 0) + 1; ; ) {
    if (id % 5 === 0) {
      // Two rows that come or go together.
      const first = id
      await database.transaction(async (transaction) => {
        await transaction.query('insert into kept values ($1, $2)', [first, 'x'.repeat(3000)])
        await transaction.query('insert into kept values ($1, $2)', [first + 1, 'the second of two'])
      })
      say(`${id}\n${id + 1}`)
      id += 2
    } else {
      await database.query('insert into kept values ($1, $2)', [id, 'y'.repeat(id % 900)])
      say(`${id}`)
      id += 1
    }
    if (!armed && Number(failAfter) > 0 && id > Number(failAfter)) {
      armed = true
      control.failAt(Number(position), 'any', code as DiskFailureCode)
    }
  }
}
void addForEver(folder)
