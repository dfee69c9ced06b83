/**
 * Makes a value when it is first asked for, for all who ask; again after it could not be made. What few programs need is
 * not loaded at their start.
 */
export function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
