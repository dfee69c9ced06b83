type Members = Readonly<Record<string, unknown>>

/** What a JWT most likely is, and what its members say where they say something else than in other kinds. */
export interface Kind {
  /** For programs. */
  readonly id: string
  /** For people: `looks like …`. */
  readonly title: string
  /** Who makes it and for whom; nothing for what is not known. */
  readonly purpose?: string
  readonly meanings: Readonly<Record<string, string>>
}

/** By the members that only its kind has. Nothing is checked: whoever wrote the token can make it look like any. */
export function kindOf(header: Members, claims: Members): Kind {
  return kinds.find(({ fits }) => fits(header, claims))?.kind(claims) ?? unknown
}

const unknown: Kind = { id: 'unknown', title: 'a JWT of no known kind', meanings: {} }

/** Entra: Azure AD Graph, retired, is still what a proof is for. */
const azureAdGraph = '00000002-0000-0000-c000-000000000000'

interface Recognition {
  readonly fits: (header: Members, claims: Members) => boolean
  readonly kind: (claims: Members) => Kind
}

const kinds: readonly Recognition[] = [
  {
    fits: (_, { aud, ver }) => aud === azureAdGraph && ver === undefined,
    kind: () => ({
      id: 'graph-proof',
      title: 'a Graph proof of possession',
      purpose:
        'made by an app for addKey or removeKey, to prove that it has a key which is registered already',
      meanings: {
        aud: 'Azure AD Graph, as in every proof',
        iss: 'object id of the application or service principal; not its client id',
        kid: 'SHA-1 thumbprint of the certificate whose key signed, hex',
        exp: 'expires, at most ten minutes after nbf',
      },
    }),
  },
  {
    fits: (_, { iss, sub }) => iss !== undefined && iss === sub,
    kind: () => ({
      id: 'client-assertion',
      title: 'a client assertion',
      purpose: 'made by a client for the token endpoint, instead of a secret; it opens no API',
      meanings: {
        aud: 'the token endpoint that it is for',
        iss: 'client id',
        sub: 'client id, the same as iss',
        jti: 'unique: a token endpoint may take it only once',
        kid: 'names the key or certificate that signed',
        x5t: 'SHA-1 thumbprint of the certificate whose key signed, base64url',
        'x5t#S256': 'SHA-256 thumbprint of the certificate whose key signed, base64url',
      },
    }),
  },
  {
    fits: ({ typ }) => /^(pop|dpop\+jwt)$/i.test(String(typ)),
    kind: () => ({
      id: 'request-proof',
      title: 'a signed request',
      purpose: 'made by a client for one request, to prove that it has the key its token is bound to',
      meanings: {},
    }),
  },
  {
    fits: (_, { ver, appid, azp }) => isVersion(ver) && appid === undefined && azp === undefined,
    kind: ({ ver }) => ({
      id: 'id-token',
      title: `a v${ver} ID token`,
      purpose: 'made by Entra for the client, to say who signed in; it opens no API',
      meanings: { aud: 'client id', nonce: 'what the client sent along, to know the answer again' },
    }),
  },
  {
    fits: (_, { ver }) => isVersion(ver),
    kind({ ver, scp, xms_mirid: managed }) {
      const caller = scp === undefined ? 'app' : 'user'
      const whose = managed === undefined ? caller : 'managed identity'
      return {
        id: `${caller}-access-token`,
        title: `a v${ver} access token of ${caller === 'user' ? 'a user' : whose === 'app' ? 'an app' : `a ${whose}`}`,
        purpose: 'made by Entra for the API in aud',
        meanings: {
          sub: caller === 'app' ? 'whom it is about: the service principal, as oid' : 'whom it is about',
        },
      }
    },
  },
  {
    fits: ({ typ }) => /^(application\/)?at\+jwt$/i.test(String(typ)),
    kind: () => ({
      id: 'access-token',
      title: 'an access token (RFC 9068)',
      purpose: 'made by iss for the API in aud',
      meanings: {},
    }),
  },
]

function isVersion(ver: unknown): boolean {
  return ver === '1.0' || ver === '2.0'
}
