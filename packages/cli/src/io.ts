/** Everything a command may touch outside itself, so that a test can stand in for the process. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean }
  /** With `--no-input`. A silent pipe cannot be told from one that is about to speak: only what is named is read. */
  readonly noInput?: boolean
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working folder, absolute. Relative paths of the user start here. */
  readonly folder: string
  /** The user's home folder. Throws where the system knows none. */
  readonly homeFolder: () => string
  readonly platform: NodeJS.Platform
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Lets milliseconds pass. */
  readonly pause: (ms: number) => Promise<void>
  /** Resolves with the signal that asks the process to end. From the first call on the process no longer ends by itself. */
  readonly untilStopped: () => Promise<StopSignal>
  /** Asks the person at the terminal, whatever the streams are. Whether one may be asked is not its question (main.ts). */
  readonly ask: Ask
  /** Dresses text for stderr, or returns it as it is where stderr shows no colours. */
  readonly style: (style: Style, text: string) => string
}

export interface Output {
  readonly isTTY?: boolean
  /** Text, or bytes as they are. False: a stream whose reader is slower than we are. */
  write(text: string | Uint8Array): unknown
  /** Of a stream. */
  once?(event: 'drain' | 'close' | 'error', listener: () => void): unknown
}

/** @returns The line that was typed. Rejects with `ERR_INTERRUPTED` when Ctrl-C or Ctrl-D was. */
export type Ask = (question: string, options?: { readonly hidden?: boolean }) => Promise<string>

export type StopSignal = 'SIGINT' | 'SIGTERM'
export type Style = 'red' | 'yellow' | 'cyan' | 'dim'
