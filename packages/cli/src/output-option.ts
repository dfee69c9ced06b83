/** `--output` of every command whose answer people and programs read. */
export const textOrJson = {
  type: 'string',
  value: 'FORM',
  choices: ['text', 'json'],
  default: 'text',
  description: 'for people or for programs',
} as const
