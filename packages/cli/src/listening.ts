import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** Hears what x5t publishes on a channel (docs/events.md) while the work runs. */
export async function whileListening<T>(
  channel: `x5t:${string}`,
  listen: (message: unknown) => void,
  work: () => Promise<T>,
): Promise<T> {
  subscribe(channel, listen)
  try {
    return await work()
  } finally {
    unsubscribe(channel, listen)
  }
}
