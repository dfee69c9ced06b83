/** Three lines for each client, ready to paste. */
export function snippets(at: {
  /** Scheme, host and port. */
  readonly origin: string
  readonly tenantId: string
  readonly clientId: string
  /** An API's name with `/.default`. */
  readonly scope: string
}): readonly { readonly name: string; readonly text: string }[] {
  const { origin, tenantId, clientId, scope } = at
  const host = new URL(origin).host
  const trust = origin.startsWith('https:')
  const ca = (line: string) => (trust ? [line] : [])
  return [
    {
      name: 'Node, x5t',
      text: [
        "const credential = await loadCredential({ path: 'app.pem' })",
        `const client = createClient({ authority: '${origin}', tenant: '${tenantId}', clientId: '${clientId}', credential${trust ? ", ca: readFileSync('ca.pem', 'utf8')" : ', allowHttpAuthority: true'} })`,
        `const { accessToken } = await client.getToken({ scope: '${scope}' })`,
      ].join('\n'),
    },
    {
      name: 'Node, MSAL',
      text: [
        ...ca('# export NODE_EXTRA_CA_CERTS=ca.pem'),
        `new ConfidentialClientApplication({ auth: { clientId: '${clientId}', authority: '${origin}/${tenantId}',`,
        `  knownAuthorities: ['${host}'], clientCertificate: { thumbprintSha256, privateKey } } })`,
      ].join('\n'),
    },
    {
      name: 'Python, azure-identity',
      text: [
        ...ca('# export REQUESTS_CA_BUNDLE=ca.pem'),
        `credential = CertificateCredential("${tenantId}", "${clientId}", "app.pem",`,
        `    authority="${origin}", disable_instance_discovery=True)`,
        `token = credential.get_token("${scope}").token`,
      ].join('\n'),
    },
    {
      name: '.NET, Azure.Identity',
      text: [
        ...ca('# export SSL_CERT_FILE=ca.pem'),
        `var options = new ClientCertificateCredentialOptions { AuthorityHost = new Uri("${origin}"), DisableInstanceDiscovery = true };`,
        `var credential = new ClientCertificateCredential("${tenantId}", "${clientId}", "app.pem", options);`,
        `var token = await credential.GetTokenAsync(new TokenRequestContext(["${scope}"]));`,
      ].join('\n'),
    },
    {
      name: 'Go, azidentity',
      text: [
        ...ca('// export SSL_CERT_FILE=ca.pem'),
        `options := &azidentity.ClientCertificateCredentialOptions{DisableInstanceDiscovery: true}`,
        `options.Cloud.ActiveDirectoryAuthorityHost = "${origin}/"`,
        `credential, err := azidentity.NewClientCertificateCredential("${tenantId}", "${clientId}", certs, key, options)`,
      ].join('\n'),
    },
    {
      name: 'curl',
      text: [
        `curl ${trust ? '--cacert ca.pem ' : ''}${origin}/${tenantId}/oauth2/v2.0/token -d grant_type=client_credentials -d client_id=${clientId} \\`,
        `  --data-urlencode 'scope=${scope}' -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \\`,
        `  --data-urlencode "client_assertion=$CLIENT_ASSERTION"`,
      ].join('\n'),
    },
  ]
}
