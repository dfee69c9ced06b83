import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SetUp } from './world.ts'

/** A pair that serves no longer, or not yet. */
export const dateSetUps: readonly SetUp[] = [
  {
    what: 'the certificate has expired',
    arrange: () => ({ options: { cert: 'old.crt', key: 'old.key' } }),
    check: 'dates',
    cause: /^the certificate expired on \d{4}-/,
    remedy: /: x5t cert new --name old-new$/,
  },
  {
    what: 'the certificate that x5t init made has expired',
    arrange({ stage, demo }) {
      const folder = join(stage.folder, '.x5t', 'work')
      mkdirSync(folder, { recursive: true })
      for (const ending of ['crt', 'key'])
        copyFileSync(join(stage.folder, `old.${ending}`), join(folder, `work.${ending}`))
      const files = { certificate: '.x5t/work/work.crt', key: '.x5t/work/work.key' }
      const profiles = { work: { tenant: demo.tenantId, clientId: demo.appId, ...files } }
      stage.write('x5t.json', JSON.stringify({ profile: 'work', profiles }))
      return { options: { tenant: undefined, 'client-id': undefined, cert: undefined, key: undefined } }
    },
    check: 'dates',
    cause: /^the certificate expired on \d{4}-/,
    remedy:
      /: x5t init --force --profile work --tenant \S+ --client-id \S+ --authority \S+ --ca \S+ --project$/,
  },
  {
    what: 'the certificate is not valid yet',
    arrange: () => ({ options: { cert: 'future.crt', key: 'future.key' } }),
    check: 'dates',
    cause: /^the certificate is not valid before \d{4}-/,
    remedy: /wait/,
  },
]
