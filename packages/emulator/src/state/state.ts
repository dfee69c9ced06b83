import { join } from 'node:path'
import { type Clock, createClock } from '../clock/clock.ts'
import { demoSeed } from '../directory/demo.ts'
import { createDirectory, type Directory } from '../directory/directory.ts'
import { exportSeed } from '../directory/export.ts'
import { type Removals, remember, removalsOf } from '../directory/removals.ts'
import { plant, replant } from '../directory/seed.ts'
import { makePrivateFolder, removeDrafts, replaceFile } from '../file/kept-file.ts'
import type { SigningKeyStore } from '../token/signing-keys.ts'
import { createWeather, type Sky } from '../weather/weather.ts'
import { lockFolder } from './folder-lock.ts'
import { fromDataFolder } from './from-data-folder.ts'
import { type KeptJson, keptJson } from './kept-json.ts'
import { keptSigningKeys } from './kept-signing-keys.ts'
import { keptWeather } from './kept-weather.ts'

/** What outlives the process, where it is told to. */
export interface State {
  readonly clock: Clock
  readonly directory: Directory
  readonly sky: Sky
  /** Undefined in memory. */
  readonly signingKeys: SigningKeyStore | undefined
  /** Gives the folder back. */
  close(): void
}

/**
 * Clock, directory and weather, in memory, or as a folder has them. A change is on the disk before whoever asked for it hears that it is
 * done; `kill -9` at any moment leaves the state before or after it. One that cannot be written is not made.
 *
 * @param options.seed - Planted where the folder holds no state yet, and read in any case.
 * @param options.now - What the clock follows until it is moved, epoch milliseconds.
 * @param options.replace - Writes a file whole; default: to the disk.
 * @throws DataFolderError for a folder that is in use, or holds what this emulator cannot read; it is left as it is.
 */
export function openState(options: {
  folder: string | undefined
  seed: unknown
  now: () => number
  replace?: typeof replaceFile
}): State {
  const { folder, seed, replace = replaceFile } = options
  if (folder === undefined) {
    const clock = createClock(options.now)
    const directory = plant(seed, clock.now)
    const sky = createWeather(directory, clock.now)
    return { clock, directory, sky, signingKeys: undefined, close: () => {} }
  }
  makePrivateFolder(folder)
  const close = lockFolder(folder)
  try {
    removeDrafts(folder)
    const weather = keptWeather(join(folder, 'weather.json'), replace)
    const clock = createClock(options.now, weather.clock)
    const { now } = clock
    const path = join(folder, 'state.json')
    const file = keptJson(path, replace)
    const state = file.read()
    const directory = keptDirectory(file, now)
    if (state === undefined) replant(directory, seed, now)
    else {
      // A seed that does not hold is an error now, not at the first reset. Our own does.
      if (seed !== demoSeed) plant(seed, now)
      fromDataFolder(() => replant(directory, state, now, `${path}:`))
    }
    const sky = createWeather(directory, now, weather.faults)
    const signingKeys = keptSigningKeys(join(folder, 'signing-keys.json'), replace)
    return { clock, directory, sky, signingKeys, close }
  } catch (error) {
    close()
    throw error
  }
}

/** A directory that goes back to what its file holds where a change cannot be written. */
function keptDirectory(file: KeptJson, now: () => number): Directory {
  let goesBack = false
  let removals: Removals = new Map()
  const directory: Directory = createDirectory(now, () => {
    if (goesBack) return
    try {
      file.write(exportSeed(directory))
      removals = removalsOf(directory)
    } catch (error) {
      goesBack = true
      try {
        // Undefined at the first start: there is nothing to go back to, and nothing starts.
        if (file.last() !== undefined) replant(directory, file.last(), now)
        remember(directory, removals)
      } finally {
        goesBack = false
      }
      throw error
    }
  })
  return directory
}
