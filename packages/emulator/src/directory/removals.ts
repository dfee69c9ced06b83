import type { CredentialHolder } from './application.ts'
import type { Directory } from './directory.ts'

/** What the holders of a directory remember of certificates that they lost. No seed says it. */
export type Removals = ReadonlyMap<string, CredentialHolder['removedCertificates']>

export function removalsOf(directory: Directory): Removals {
  const remembered = holdersOf(directory).filter(
    ([, { removedCertificates = [] }]) => removedCertificates.length > 0,
  )
  return new Map(remembered.map(([name, { removedCertificates }]) => [name, removedCertificates]))
}

/** After a directory was planted anew from its own seed. */
export function remember(directory: Directory, removals: Removals): void {
  for (const [name, holder] of holdersOf(directory)) {
    const removedCertificates = removals.get(name)
    if (removedCertificates !== undefined) Object.assign(holder, { removedCertificates })
  }
}

/** Each by a name that a seed keeps. */
function holdersOf(directory: Directory): readonly (readonly [name: string, holder: CredentialHolder])[] {
  return directory
    .tenants()
    .flatMap((tenant) => [
      ...directory.applicationsOf(tenant).map((one) => [`${tenant.id} app ${one.appId}`, one] as const),
      ...directory
        .principalsOf(tenant)
        .map((one) => [`${tenant.id} principal ${one.application.appId}`, one] as const),
    ])
}
