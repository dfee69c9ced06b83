import type { Certificate } from '../../certificate/certificate.ts'
import { CertificateError, ConfigurationError } from '../../errors.ts'
import { createExchange, type ExchangeOptions } from '../../http/create-exchange.ts'
import { inTime } from '../../internal/in-time.ts'
import { keyVaultSigner } from '../../signer/key-vault/key-vault-signer.ts'
import { createVault, type VaultTokenCredential } from '../../signer/key-vault/vault.ts'
import { getVaultCertificate } from '../../signer/key-vault/vault-certificate.ts'
import { adoptingSource, longestLookMs } from '../adopting-source.ts'
import type { CredentialSource } from '../client-credential.ts'
import type { LoadedCredential } from '../load-credential.ts'
import { assertLoadOptions, forSuccessor, type LoadOptions, outsideDates } from '../outside-dates.ts'
import { testCredential } from '../test-credential.ts'

export interface KeyVaultOptions extends ExchangeOptions, LoadOptions {
  /**
   * Certificate identifier, as the portal shows it: `https://contoso.vault.azure.net/certificates/app`. With a version
   * behind it, that version stays; without, new versions are taken up.
   */
  readonly certificate: string
  /** Who may ask the vault: any TokenCredential, such as a managed identity of `@azure/identity`. */
  readonly credential: VaultTokenCredential
  /** What tokens for the vault are for. Default: by the host, for the clouds that are known. */
  readonly scope?: string | undefined
}

/**
 * A credential whose private key stays in Azure Key Vault. Give it to `createClient`.
 *
 * The vault is asked for a new version of the certificate when a signature is needed, at most once a minute. While it
 * does not answer, the key of the new version does not sign, or the new one is outside its dates where the one before is
 * not, the version before goes on, and an `x5t:adoption` event says why.
 *
 * @throws ConfigurationError for an identifier that is none; CertificateError or TransportError when the certificate
 * cannot be had at the start.
 */
export async function loadKeyVaultCredential(
  options: KeyVaultOptions,
): Promise<CredentialSource<LoadedCredential>> {
  assertLoadOptions(options)
  const { credential, now = Date.now } = options
  const id = parseIdentifier(options.certificate)
  const scope = options.scope ?? scopeOf(id.host)
  const exchange = createExchange(options)
  const vault = createVault({ origin: id.origin, scope, credential, exchange, now })
  const isPinned = id.pathname.split('/').length > 3

  let lookedAt = 0
  async function load(choice: LoadOptions): Promise<LoadedCredential> {
    lookedAt = now()
    const { certificate, keyId } = await getVaultCertificate(vault, id)
    const warnings = outsideDates(certificate, choice)
    return { certificate, signer: keyVaultSigner(vault, keyId), warnings }
  }

  /** The key of another certificate may be disabled, or not ours to use: it signs once before it is taken. */
  async function loadAfter(certificate: Certificate): Promise<LoadedCredential> {
    const found = await load(forSuccessor(certificate, options))
    if (found.certificate.thumbprintSha256 !== certificate.thumbprintSha256) await testCredential(found)
    return found
  }

  return adoptingSource(await load(options), async ({ certificate }) =>
    isPinned || Math.abs(now() - lookedAt) < betweenLooksMs
      ? undefined
      : inTime(
          loadAfter(certificate),
          longestLookMs,
          (within) =>
            new CertificateError('ERR_TIMEOUT', `nothing was had from Key Vault ${id.host} ${within}`),
        ),
  )
}

/** By a clock that may be set back; one that was fast at the last look must not put off the next for as long. */
const betweenLooksMs = 60_000

function parseIdentifier(text: string): URL {
  const id = URL.canParse(text) ? new URL(text) : undefined
  if (id?.protocol === 'https:' && /^\/certificates\/[^/]+(\/[^/]+)?$/.test(id.pathname)) return id
  throw new ConfigurationError(
    'ERR_KEY_VAULT_ID_INVALID',
    'the certificate identifier is none of Key Vault',
    {
      hint: 'it looks like https://contoso.vault.azure.net/certificates/app',
    },
  )
}

/** Key Vault: a token for another service than the vault's own would be of no use, and would leak there. */
function scopeOf(host: string): string {
  const service = services.find((domain) => host.endsWith(`.${domain}`))
  if (service !== undefined) return `https://${service}/.default`
  throw new ConfigurationError('ERR_KEY_VAULT_ID_INVALID', `${host} is no host of Key Vault that is known`, {
    hint: 'check it for a typo; for a cloud of your own give the scope option',
  })
}

/** Key Vault: DNS suffixes of the public cloud, China and US Government. */
const services = ['vault.azure.net', 'vault.azure.cn', 'vault.usgovcloudapi.net']
