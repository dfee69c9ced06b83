/** Whether an error is one of the system's, by its code. */
export function isErrno(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

/** What is wrong with a file that was named, after its path: `does not exist`. */
export function whyUnread(error: unknown): string {
  if (isErrno(error, 'ENOENT', 'ENOTDIR')) return 'does not exist'
  return isErrno(error, 'EISDIR') ? 'is a directory' : 'cannot be read'
}
