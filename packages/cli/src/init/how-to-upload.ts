import { credentialsPage } from '../portal.ts'
import { shellWord } from '../shell-word.ts'
import { graphOf } from './register-by-graph.ts'

/** The ways by which a person registers a certificate; none of them removes another one. */
export function howToUpload(authority: URL, clientId: string, certificatePath: string): readonly string[] {
  const file = shellWord(certificatePath)
  return [
    `upload ${certificatePath}, in one of these ways:`,
    `  portal  ${credentialsPage(authority, clientId)}`,
    `  az      az ad app credential reset --id ${clientId} --cert @${file} --append`,
    `  Graph   PATCH ${graphOf(authority)}/v1.0/applications(appId='${clientId}') with all keyCredentials that are there and`,
    `          one more: { "type": "AsymmetricX509Cert", "usage": "Verify", "key": "<base64 of the DER>" }`,
  ]
}
