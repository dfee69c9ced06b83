/** Of commands that make a key: the sizes that Entra and every library take. */
export const keySizeOption = {
  type: 'string',
  value: 'N',
  choices: ['2048', '3072', '4096'],
  default: '2048',
  description: 'size of the RSA key',
} as const
