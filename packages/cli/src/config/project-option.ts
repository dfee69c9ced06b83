import { projectFileName } from './config-file.ts'

/** Of commands that write a configuration. */
export const projectOption = {
  type: 'boolean',
  description: `in ${projectFileName} of the working folder, not in the user's file`,
} as const
