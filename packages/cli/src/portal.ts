import { isLoopback } from './token-url.ts'

/** Where the portal of each cloud is, by the host that issues its tokens. */
const portals: Readonly<Record<string, string>> = {
  'login.microsoftonline.us': 'https://portal.azure.us',
  'login.partner.microsoftonline.cn': 'https://portal.azure.cn',
}

/** The page of an app registration where certificates are uploaded; an emulator has one for all its apps. */
export function credentialsPage(authority: URL, clientId: string): string {
  if (isLoopback(authority)) return `${authority.origin}/`
  const portal = portals[authority.hostname] ?? 'https://portal.azure.com'
  return `${portal}/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/${clientId}`
}
