import type { AccessToken } from 'x5t'
import type { Variables } from './config/variables.ts'

/** A token and what is known of it. */
export interface PrintedToken {
  readonly token: AccessToken
  readonly tenant: string
  readonly clientId: string
  /** `{ scope }` or `{ resource }`, as it was asked for. */
  readonly target: Readonly<Record<string, string>>
  readonly source: 'minted' | 'disk'
}

export type TokenForm = 'raw' | 'json' | 'header' | 'env' | 'exec-credential' | 'azure-cli'

/** The answer of `x5t token` in one of its forms. */
export function tokenOutput(form: TokenForm, printed: PrintedToken, env: Variables): string {
  const { accessToken } = printed.token
  if (form === 'json') return JSON.stringify(jsonForm(printed))
  if (form === 'env') return envForm(printed)
  if (form === 'exec-credential') return JSON.stringify(execCredential(printed, env))
  if (form === 'azure-cli') return JSON.stringify(azureCliForm(printed))
  return form === 'header' ? `Authorization: Bearer ${accessToken}` : accessToken
}

/** RFC 3339, in UTC, whole seconds. */
const instant = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
const epochSeconds = (ms: number) => Math.floor(ms / 1_000)

function jsonForm({ token, tenant, clientId, target, source }: PrintedToken): object {
  const { accessToken, tokenType, expiresAt, refreshAt } = token
  return {
    accessToken,
    tokenType,
    expiresAt: new Date(expiresAt).toISOString(),
    expiresOn: epochSeconds(expiresAt),
    refreshAt: new Date(refreshAt).toISOString(),
    tenantId: tenant,
    clientId,
    ...target,
    source,
  }
}

/** For `eval` or an env file. A token has no character that a shell reads, but a server chooses what a token is. */
function envForm({ token: { accessToken, expiresAt } }: PrintedToken): string {
  const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`
  return [`X5T_ACCESS_TOKEN=${quoted(accessToken)}`, `X5T_EXPIRES_ON=${epochSeconds(expiresAt)}`].join('\n')
}

/**
 * What kubectl reads from an exec plugin; it says in `KUBERNETES_EXEC_INFO` which version it wants.
 *
 * @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 */
function execCredential({ token: { accessToken, expiresAt } }: PrintedToken, env: Variables): object {
  const [, version = 'v1'] =
    /"apiVersion"\s*:\s*"client\.authentication\.k8s\.io\/(v1|v1beta1)"/.exec(
      env.KUBERNETES_EXEC_INFO ?? '',
    ) ?? []
  return {
    apiVersion: `client.authentication.k8s.io/${version}`,
    kind: 'ExecCredential',
    status: { token: accessToken, expirationTimestamp: instant(expiresAt) },
  }
}

/** As `az account get-access-token` prints it: `expiresOn` in local time without a zone, `expires_on` beside it. */
function azureCliForm({ token: { accessToken, tokenType, expiresAt }, tenant }: PrintedToken): object {
  const local = new Date(expiresAt - new Date(expiresAt).getTimezoneOffset() * 60_000)
  return {
    accessToken,
    expiresOn: local.toISOString().replace('T', ' ').replace('Z', '000'),
    expires_on: epochSeconds(expiresAt),
    tenant,
    tokenType,
  }
}
