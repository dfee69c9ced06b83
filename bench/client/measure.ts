/** One measurement in a process of its own: the job by stdin as JSON, its result by stdout. */
import { text } from 'node:stream/consumers'
import type { Name, Setting } from './clients.ts'
import { ownHits, theirHits } from './hits.ts'
import { herd, stale } from './waits.ts'
import { assertions, ownAcquisitions, theirAcquisitions } from './work.ts'

const tasks = { ownHits, theirHits, herd, stale, ownAcquisitions, theirAcquisitions, assertions }

export interface Job {
  readonly task: keyof typeof tasks
  readonly name: Name
  readonly setting: Setting
}

const { task, name, setting }: Job = JSON.parse(await text(process.stdin))
const result = JSON.stringify(await tasks[task](setting, name))
process.stdout.write(result, () => process.exit())
