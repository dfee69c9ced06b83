/**
 * What every Node driver has in common: a job comes by stdin, one line per case goes to stdout.
 *
 * A case is { name, url, host, tenantId, clientId, pemPath, keyPath, certificatePath, sha1Hex, sha256Hex, resource, scope }.
 */
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

/** @param getToken - Gets a token for one case, or throws what the library throws. */
export async function run(getToken) {
  const { cases, ...job } = JSON.parse(await text(process.stdin))
  for (const one of cases) {
    const pem = readFileSync(one.pemPath, 'utf8')
    const [key] = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----\n/.exec(pem)
    const answer = await getToken({ ...job, ...one, pem, key }).then(
      (token) => ({ token }),
      (error) => ({ refused: describe(error) }),
    )
    process.stdout.write(`${JSON.stringify({ name: one.name, ...answer })}\n`)
  }
}

/** All that a person could see of the error: libraries hide the service's words in different places. */
function describe(error) {
  const seen = []
  for (let one = error, depth = 0; one && depth < 5; one = one.cause, depth++) {
    const { message, errorCode, errorMessage, errorDescription, errorResponse, error_description } = one
    seen.push(String(message ?? one), errorCode, errorMessage, errorDescription, error_description)
    if (errorResponse) seen.push(JSON.stringify(errorResponse))
  }
  return seen.filter(Boolean).join(' | ')
}
