/** Counts how often the event loop goes round while `work` is done: one that holds it up counts to two. */
export async function countTurns(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let next: NodeJS.Immediate | undefined
  const count = () => {
    turns++
    next = setImmediate(count)
  }
  count()
  await work()
  clearImmediate(next)
  return turns
}
