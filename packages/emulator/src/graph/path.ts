/**
 * The segments of a Graph path below the version: `/v1.0/myorganization/applications(appId='x')/addKey` is
 * `applications`, `appId=x`, `addKey`. Undefined where an escape is broken.
 */
export function pathSegments(pathname: string): readonly string[] | undefined {
  try {
    const [, , ...segments] = pathname.split('/').map(decodeURIComponent)
    const [first, ...rest] = segments.filter((segment) => segment !== '')
    // Entra: Azure AD Graph's old name for the tenant of the token.
    const below = first?.toLowerCase() === 'myorganization' ? rest : [first ?? '', ...rest]
    return below.flatMap(unfolded)
  } catch {
    return undefined
  }
}

/** OData writes keys in parentheses: `applications('{id}')`, `applications(appId='{appId}')`. */
function unfolded(segment: string): readonly string[] {
  const [, set, name, key] = /^(\w+)\((?:(\w+)=)?'([^']*)'\)$/.exec(segment) ?? []
  if (set === undefined || key === undefined) return [segment]
  return [set, name === undefined ? key : `${name}=${key}`]
}

/** @param pattern - As `applications/:app/addKey`. @returns Values of what starts with a colon; undefined: no match. */
export function matchPath(
  pattern: string,
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const parts = pattern.split('/')
  if (parts.length !== segments.length) return undefined
  const named = parts.map((part, index) => [part, segments[index] ?? ''] as const)
  const fixed = named.every(
    ([part, segment]) => part.startsWith(':') || part.toLowerCase() === segment.toLowerCase(),
  )
  if (!fixed) return undefined
  return Object.fromEntries(
    named.filter(([part]) => part.startsWith(':')).map(([part, segment]) => [part.slice(1), segment]),
  )
}
