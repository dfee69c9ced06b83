/** The client beside the newest official libraries and beside the floor. Ratios count; the times are this machine's. */
import { cpus } from 'node:os'
import { say } from './report.ts'
import { rows } from './rows.ts'
import { withStage } from './stage.ts'

/** @param words - Names of rows; none means all. */
export async function run(words: readonly string[]): Promise<void> {
  const unknown = words.filter((word) => !(word in rows))
  if (unknown.length > 0) {
    say(`no row ${unknown.join(', ')}; there are ${Object.keys(rows).join(', ')}`)
    process.exitCode = 2
    return
  }
  say(`Node ${process.version}, ${cpus().length} cores; medians of interleaved rounds`)
  await withStage(async (stage) => {
    for (const [name, row] of Object.entries(rows))
      if (words.length === 0 || words.includes(name)) await row(stage)
  })
}
