import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { AccessToken, Store } from 'x5t'
import type { PeekOptions } from 'x5t/file'
import type { Context } from './command.ts'
import { folderOf } from './config/folders.ts'

/** Of every command that asks for tokens. */
export const rememberOptions = {
  'no-cache': { type: 'boolean', description: 'neither read nor keep tokens on the disk' },
} as const

export interface RememberValues {
  readonly 'no-cache': boolean
}

/** Tokens on the disk, sealed, shared by all processes of the user. */
export interface RememberedTokens {
  readonly store: Store | undefined
  /** The token that is kept for these options, unless it is due. Loads nothing that could ask for one. */
  peek(options: Omit<PeekOptions, 'store'>, target: TokenTarget): Promise<AccessToken | undefined>
  /** True once a token came from the disk. */
  wasRead(): boolean
  /** Ends the listening. */
  stop(): void
}

/** One of both. */
export type TokenTarget = { readonly scope: string } | { readonly resource: string }

/** A disk that cannot be used is said once; the command goes on without. */
export async function openRememberedTokens(
  { 'no-cache': off }: RememberValues,
  { io, terminal }: Context,
): Promise<RememberedTokens> {
  let folder: string
  try {
    if (off) return nothing
    folder = folderOf('cache', io)
  } catch {
    terminal.warn('tokens are not remembered: the system knows no home folder, and XDG_CACHE_HOME names none')
    return nothing
  }
  const { createFileStore, peekToken } = await import('x5t/file')
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
  const store = createFileStore({ folder, now: io.now })
  return {
    store,
    peek: (options, target) => peekToken({ ...options, store, now: io.now }, target),
    wasRead: () => read,
    stop: () => unsubscribe('x5t:store', listen),
  }
}

const nothing: RememberedTokens = {
  store: undefined,
  peek: async () => undefined,
  wasRead: () => false,
  stop: () => {},
}
