/** Longest wait for one step of a connection, milliseconds. */
export const timeoutMs = 10_000
