import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { existsSync } from 'node:fs'
import type { AccessToken, Store } from 'x5t'
import type { PeekOptions, peekToken } from 'x5t/file'
import type { Context } from './command.ts'
import { folderOf } from './config/folders.ts'

/** Of every command that asks for tokens. */
export const rememberOptions = {
  'no-cache': {
    type: 'boolean',
    description: 'neither read nor keep tokens on the disk; forget the one there',
  },
} as const

export interface RememberValues {
  readonly 'no-cache': boolean
}

/** Tokens on the disk, sealed, shared by all processes of the user. */
export interface RememberedTokens {
  readonly store: Store | undefined
  /** Keeps new tokens in the place of old ones, which it does not give. */
  readonly renewing: Store | undefined
  /** The token that is kept for these options, due or not. Loads nothing that could ask for one. */
  peek(
    options: Omit<PeekOptions, 'store' | 'due'>,
    target: Parameters<typeof peekToken>[1],
  ): Promise<AccessToken | undefined>
  /** True once a token came from the disk. */
  wasRead(): boolean
  /** Ends the listening, once what is new was kept: a client does not wait for that. */
  stop(): Promise<void>
}

/** Milliseconds for a new token while the one that is due still lives. A service that answers takes less. */
export const renewalMs = 2_000

/** One of both. */
export type TokenTarget = { readonly scope: string } | { readonly resource: string }

/** A disk that cannot be used is said once; the command goes on without. */
export async function openRememberedTokens(
  { 'no-cache': off }: RememberValues,
  { io, terminal }: Context,
): Promise<RememberedTokens> {
  let folder: string
  try {
    folder = folderOf('cache', io)
  } catch {
    if (off) return nothing
    terminal.warn('tokens are not remembered: the system knows no home folder, and XDG_CACHE_HOME names none')
    return nothing
  }
  if (off && !existsSync(folder)) return nothing
  const file = await import('x5t/file')
  const files = file.createFileStore({ folder, now: io.now })
  const kept: Promise<void>[] = []
  const keeping = (work: Promise<void>) => {
    kept.push(work)
    return work
  }
  /** For a store whose writing is waited for, and whose leases go back. */
  const watched = (store: Store): Store => ({
    ...store,
    set: (...entry) => keeping(store.set(...entry)),
    async lease(...wanted) {
      const lease = await store.lease(...wanted)
      return lease && { release: () => keeping(lease.release()) }
    },
  })
  const store = watched(off ? forgetting(files) : files)
  async function allKept(): Promise<void> {
    for (const work of kept) {
      await work.catch(() => {})
      await nextTurn() // a client gives the lease back, and says what failed, once it has learned of it
    }
  }
  if (off) return { ...nothing, store, stop: allKept }
  let read = false
  let failed = false
  // The shape stands in docs/events.md.
  const listen = (message: unknown) => {
    const { outcome, error } = message as { outcome: string; error?: unknown }
    if (outcome === 'hit') read = true
    if (outcome !== 'unavailable' || failed) return
    failed = true
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    terminal.warn(`tokens are not remembered: ${folder} cannot be used (${reason})`)
  }
  subscribe('x5t:store', listen)
  return {
    store,
    renewing: unread((...entry) => store.set(...entry)),
    peek: (options, target) => file.peekToken({ ...options, store, due: true, now: io.now }, target),
    wasRead: () => read,
    async stop() {
      await allKept()
      unsubscribe('x5t:store', listen)
    },
  }
}

/** Forgets what is there, keeps nothing: an old token would be back the next time. */
function forgetting(store: Store): Store {
  return unread(async (name) => {
    if ((await store.get(name)) !== undefined) await store.set(name, new Uint8Array(), 0)
  })
}

/** As if nothing were kept. Nobody is waited for: what another gets may be what is not wanted. */
function unread(set: Store['set']): Store {
  return { get: async () => undefined, set, lease: async () => ({ release: async () => {} }) }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

const nothing: RememberedTokens = {
  store: undefined,
  renewing: undefined,
  peek: async () => undefined,
  wasRead: () => false,
  stop: async () => {},
}
