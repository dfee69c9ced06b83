/**
 * What is waited for no longer than `limitMs`; it goes on, for nobody. The timer keeps no process: whoever waits for a
 * token has one of their own, and once nobody does, what hangs must not.
 *
 * @param late - What is thrown then; `within` reads `within 2 s`.
 */
export function inTime<T>(work: Promise<T>, limitMs: number, late: (within: string) => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late(`within ${limitMs / 1_000} s`)), limitMs).unref()
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
