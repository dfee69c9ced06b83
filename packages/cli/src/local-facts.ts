import type { RequestFacts } from 'x5t/aadsts'
import { CliError } from './cli-error.ts'
import { resolveSettings } from './config/resolve-settings.ts'
import type { Io } from './io.ts'
import { credentialsPage } from './portal.ts'

/** What the configuration says about who asks, as far as it says something. Nothing is sent, no key is opened. */
export interface LocalFacts {
  readonly facts: Partial<RequestFacts>
  /** The page of the portal where certificates of the app are listed. */
  readonly page?: string
  /** Why there are fewer facts than there could be. */
  readonly remark?: string
}

export async function localFacts(io: Io): Promise<LocalFacts> {
  try {
    const { tenant, clientId, authority, certificate } = resolveSettings({}, io).values
    const named = {
      ...(tenant && { tenant: tenant.value }),
      ...(clientId && { clientId: clientId.value }),
    }
    const origin =
      authority !== undefined && URL.canParse(authority.value) ? new URL(authority.value) : undefined
    const page = origin && clientId && { page: credentialsPage(origin, clientId.value) }
    return { ...page, ...(await thumbprints(certificate?.value, named)) }
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return { facts: {}, remark: `the configuration is not used: ${error.message}` }
  }
}

async function thumbprints(path: string | undefined, named: Partial<RequestFacts>): Promise<LocalFacts> {
  if (path === undefined) return { facts: named }
  const { CertificateError, loadCertificate } = await import('x5t')
  try {
    const { thumbprintSha1Hex, thumbprintSha256 } = await loadCertificate({ path })
    return { facts: { ...named, thumbprintSha1Hex, thumbprintSha256 } }
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error
    return { facts: named, remark: `no thumbprint: ${error.message}` }
  }
}
