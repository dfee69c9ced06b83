import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { TokenValidationError } from '../../src/errors.ts'
import { readHeader } from '../../src/verify/header.ts'
import { createVerifier } from '../../src/verify/index.ts'
import { readJws, splitJws } from '../../src/verify/jws.ts'
import { readKey, type VerificationKey } from '../../src/verify/verification-key.ts'

interface Vector {
  readonly tcId: number
  readonly comment: string
  readonly jws: string
  readonly result: 'valid' | 'invalid'
}

interface Group {
  /** Absent where the key is symmetric. */
  readonly public?: KeyOrSet
  readonly private: KeyOrSet
  readonly tests: readonly Vector[]
}

type KeyOrSet = { readonly keys?: readonly unknown[] }

/** By the vectors' comments: what is no JWS of strict form. The two of these that Wycheproof calls valid are below. */
const malformed =
  /^rejectsMissing(SignatureAndSeparator|PayloadAndSeparator|Header.*)$|^rejectsEmptyString$|^rejectsExtra|JsonSerialization$|SpacesInMac$|CharactersInHeader$|[Ii]nvalidCharacter|^spacesIn|UnusedBits|IncorrectlyEncoded/
/** By the vectors' comments: what names a key that is not in the set, or that is left out of it. */
const keyless =
  /^rejectsModifiedHeader$|^UsingRS256$|[Rr]ejects?WrongUse$|WrongKeyOps$|Roca|1024bitRsaKey$|PublicExponent1$/

/** Valid by Wycheproof, since its MAC covers the character that is not base64url; a token has one spelling here. */
const strict = ['InvalidCharacterInsertedInHeader', 'InvalidCharacterInsertedInPayload']

function expected({ comment, jws, result }: Vector): string {
  if (malformed.test(comment)) return 'ERR_TOKEN_MALFORMED'
  const { alg } = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString())
  if (alg !== 'RS256') return 'ERR_TOKEN_ALGORITHM'
  if (keyless.test(comment)) return 'ERR_TOKEN_KEY_UNKNOWN'
  return result === 'valid' ? 'accepted' : 'ERR_TOKEN_SIGNATURE'
}

/** All that `verify` does to a token before it reads claims; the vectors have none. */
function judge(text: string, keys: readonly VerificationKey[]): string {
  try {
    const { signingInput } = splitJws(text)
    const { header, signature } = readJws(splitJws(text))
    const kid = readHeader(header)
    const named = keys.filter((key) => key.kid === kid)
    if (named.length === 0) return 'ERR_TOKEN_KEY_UNKNOWN'
    return named.some((key) => key.verifies(hash('sha256', signingInput, 'binary'), signature))
      ? 'accepted'
      : 'ERR_TOKEN_SIGNATURE'
  } catch (error) {
    if (error instanceof TokenValidationError) return error.code
    throw error
  }
}

for (const [what, file, vectors, accepted] of [
  ['signature', 'json_web_signature_test.json', 401, 8],
  ['key', 'json_web_key_test.json', 26, 1],
] as const) {
  const text = readFileSync(new URL(`wycheproof/${file}`, import.meta.url), 'utf8')
  const groups: readonly Group[] = JSON.parse(text).testGroups
  const counts = { vectors: 0, accepted: 0 }

  for (const group of groups) {
    const given = group.public ?? group.private
    const jwks = given.keys ?? [given]
    const keys = jwks.map((jwk) => readKey(jwk)).filter((key) => key !== undefined)
    const { verify } = createVerifier({
      issuer: 'https://issuer.example',
      jwksUri: 'https://issuer.example/keys',
      audience: 'api',
      clients: 'any',
      fetch: async () => Response.json({ keys: jwks }),
    })
    for (const vector of group.tests) {
      const outcome = expected(vector)
      counts.vectors++
      if (outcome === 'accepted') counts.accepted++
      test(`Wycheproof ${what} vector ${vector.tcId}, ${vector.comment}: ${outcome}`, async () => {
        assert.equal(judge(vector.jws, keys), outcome)
        const isRight = outcome === 'accepted' || vector.result === 'invalid'
        assert.ok(isRight || outcome === 'ERR_TOKEN_ALGORITHM' || strict.includes(vector.comment))
        await assert.rejects(verify(vector.jws), { name: 'TokenValidationError' })
      })
    }
  }

  test(`all ${vectors} Wycheproof ${what} vectors are run, and ${accepted} of them are RS256 and good`, () => {
    assert.deepEqual(counts, { vectors, accepted })
  })
}
