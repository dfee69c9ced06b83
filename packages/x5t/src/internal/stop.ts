/** What work under way looks at to learn that nobody waits for it any longer. Any `AbortSignal` is one. */
export interface StopSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once: true }): void
  removeEventListener(type: 'abort', listener: () => void): void
  /** Steady time (`Clock`) until which somebody waits; it moves as others come. None: for ever. */
  readonly until?: number | undefined
  /** The last that went wrong, told by the work: who stops waiting while it is tried again should learn of it. */
  failure?: Failure | undefined
  /** Who is waited for, told by the work, where that is not the service. */
  waitsFor?: string | undefined
}

export interface Failure {
  readonly error: unknown
  /** Steady time (`Clock`). */
  readonly at: number
}

/** For those that take nothing else: an injected `fetch`, and what older Azure SDKs pass in place of a signal. */
export function toAbortSignal(
  like: Pick<StopSignal, 'aborted' | 'addEventListener'> & { readonly reason?: unknown },
): AbortSignal {
  if (like instanceof AbortSignal) return like
  const known = made.get(like)
  if (known !== undefined) return known
  const controller = new AbortController()
  made.set(like, controller.signal)
  const abort = () => controller.abort(like.reason)
  if (like.aborted) abort()
  else like.addEventListener('abort', abort)
  return controller.signal
}

/** One for each, however often it is passed: every one listens, and older signals keep their listeners. */
const made = new WeakMap<object, AbortSignal>()

/** A part of the work under `outer` that can be let go by itself; what it tells of itself is told to `outer`. */
export function stopWithin(outer: StopSignal): { readonly signal: StopSignal; letGo(): void } {
  const controller = new AbortController()
  const follow = () => controller.abort(outer.reason)
  if (outer.aborted) follow()
  else outer.addEventListener('abort', follow, { once: true })
  const told = (name: 'failure' | 'waitsFor') => ({
    get: () => outer[name],
    set: (value: undefined) => {
      outer[name] = value
    },
  })
  const signal: StopSignal = Object.defineProperties(controller.signal, {
    until: { get: () => outer.until },
    failure: told('failure'),
    waitsFor: told('waitsFor'),
  })
  return {
    signal,
    letGo() {
      outer.removeEventListener('abort', follow)
      controller.abort()
    },
  }
}

/** Waits, and throws the reason of `signal` once that aborts, at once where it has. */
export function pause(ms: number, signal: StopSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const leave = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', leave)
      resolve()
    }, ms)
    signal.addEventListener('abort', leave, { once: true })
  })
}
