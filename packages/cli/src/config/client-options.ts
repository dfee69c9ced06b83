import { keyTextOptions } from '../key-text.ts'
import { passphraseOptions } from '../passphrase.ts'
import { settingsOptions } from './resolve-settings.ts'

/** Options of every command that acts as a client. */
export const clientOptions = { ...settingsOptions, ...keyTextOptions, ...passphraseOptions } as const
