/** Of every command that asks for tokens. */
export const explainOption = {
  type: 'boolean',
  description: 'show the HTTP conversation on stderr, without signatures and tokens',
} as const
