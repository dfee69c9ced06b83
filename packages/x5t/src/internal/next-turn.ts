/** Lets the event loop go round once: what takes milliseconds many times over asks for it in between. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
