import { defineCommand } from '../command.ts'
import { loadKeyPair } from '../key-pair.ts'
import { configName, writeNodeConfig } from '../node-config.ts'
import { shellWord } from '../shell-word.ts'
import { readWorkflow } from '../workflow.ts'

export const createConfig = defineCommand({
  summary: 'Check the key and certificate named in .env and write nodeconfig.json',
  details: 'The file holds ids, paths, thumbprints and the expiry; never the key, never the passphrase.',
  examples: ['npm run createConfig', 'x5t createConfig'],
  options: {},
  async run(_, context) {
    const { io, terminal } = context
    const settings = readWorkflow(io)
    const { appId, tenantId, tokenEndpoint, resource, privateKey, publicKey } = settings
    const { certificate } = await loadKeyPair(settings, settings.passphrase, context)
    await writeNodeConfig(
      {
        appId,
        tenantId,
        tokenEndpoint,
        resource,
        privateKey,
        publicKey,
        x5t: certificate.thumbprintSha1,
        'x5t#S256': certificate.thumbprintSha256,
        expires: new Date(certificate.notAfter).toISOString(),
      },
      io,
    )
    terminal.out(`config file created at ${configName}`)
    const file = shellWord(publicKey)
    if (settings.tokenUrl.isLoopback) {
      terminal.note(`upload ${publicKey} to the emulator: npx x5t emulator cert add ${file}`)
    } else {
      terminal.note(
        `upload ${publicKey} in the portal: App registrations > ${appId} > Certificates & secrets`,
      )
      terminal.note(`or: az ad app credential reset --id ${appId} --cert @${file} --append`)
    }
    terminal.note(`it is listed there with thumbprint ${certificate.thumbprintSha1Hex}`)
    terminal.note('next: npm run connectToAzure (x5t connectToAzure)')
    return 0
  },
})
