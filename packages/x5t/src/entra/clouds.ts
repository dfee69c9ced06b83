/** A Microsoft cloud: the host that issues tokens, and the other names the same service answers to. */
export interface Cloud {
  readonly name: string
  readonly host: string
  readonly aliases: readonly string[]
}

/** Entra: authority hosts by cloud, from the national-cloud page and the tables in MSAL.js and MSAL.NET. */
export const clouds: readonly Cloud[] = [
  {
    name: 'public',
    host: 'login.microsoftonline.com',
    aliases: ['login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  },
  { name: 'usgov', host: 'login.microsoftonline.us', aliases: ['login.usgovcloudapi.net'] },
  { name: 'china', host: 'login.partner.microsoftonline.cn', aliases: ['login.chinacloudapi.cn'] },
  { name: 'bleu', host: 'login.sovcloud-identity.fr', aliases: [] },
  { name: 'delos', host: 'login.sovcloud-identity.de', aliases: [] },
  { name: 'govsg', host: 'login.sovcloud-identity.sg', aliases: [] },
]

/**
 * The host that an assertion names as audience when the request goes to `host`. A regional host
 * (`westus2.login.microsoft.com`) serves the global audience; every other host is its own.
 *
 * Entra: observed in MSAL.NET's unit tests for regional endpoints.
 */
export function audienceHost(host: string): string {
  if (/^[a-z0-9]+\.login\.microsoft\.com$/.test(host)) return 'login.microsoftonline.com'
  const global = clouds.find((cloud) => host.endsWith(`.${cloud.host}`))
  return global === undefined ? host : global.host
}
