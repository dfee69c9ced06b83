/** Tenant and client that a bearer token names. Not verified: good for choosing a fault, for nothing else. */
export function bearerClaims(authorization: string | undefined): {
  readonly tenant: string | undefined
  readonly appId: string | undefined
} {
  const [, payload = ''] = /^bearer +[\w-]+\.([\w-]+)\./i.exec(authorization ?? '') ?? []
  try {
    const { tid, appid, azp }: Readonly<Record<string, unknown>> = JSON.parse(
      Buffer.from(payload, 'base64url').toString(),
    )
    return { tenant: textOf(tid), appId: textOf(appid ?? azp) }
  } catch {
    return { tenant: undefined, appId: undefined }
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
