import { openCertificates } from '../certificate-files.ts'
import { defineCommand } from '../command.ts'
import { settingsOptions } from '../config/resolve-settings.ts'
import { describeDaysLeft } from '../days-left.ts'
import { parseDuration } from '../duration.ts'
import { textOrJson } from '../output-option.ts'
import { checkPassphrase, passphraseOptions } from '../passphrase.ts'
import { plain } from '../plain.ts'

export const certDue = defineCommand({
  summary: 'Tell by the exit code whether a certificate ends soon',
  details:
    'Of several files, one that is due is enough. Without FILES it is the configured certificate.\n' +
    'Fits ExecCondition= of systemd: 1 skips the unit, 255 makes it fail.',
  examples: [
    'x5t cert due --within 30d billing.crt && echo time to rotate',
    'x5t cert due --within 2w *.crt --output json',
  ],
  options: {
    within: { type: 'string', value: 'TIME', default: '30d', description: 'how soon: 90m, 12h, 30d, 2w' },
    profile: settingsOptions.profile,
    output: textOrJson,
    ...passphraseOptions,
  },
  positionals: {
    files: {
      description: 'certificates; private keys in them are not opened',
      optional: true,
      multiple: true,
    },
  },
  predicate: { 0: 'due: a certificate ends within that time, or has ended', 1: 'not due' },
  check: ({ within, ...values }) => [
    ...(withinOf(within) === undefined ? [`--within takes 90m, 12h, 30d or 2w, not "${within}"`] : []),
    ...checkPassphrase(values),
  ],
  async run({ within, files, output, ...values }, context) {
    const { io, terminal } = context
    const withinMs = withinOf(within) ?? 0 // check has refused what is no time
    const judged = (await openCertificates(files, values, context)).map(({ file, certificate }) => ({
      file,
      subject: certificate.subject,
      notAfter: new Date(certificate.notAfter).toISOString(),
      notAfterEpoch: Math.floor(certificate.notAfter / 1_000),
      due: certificate.notAfter - io.now() <= withinMs,
    }))
    const anyDue = judged.some(({ due }) => due)
    if (output === 'json') {
      terminal.out(JSON.stringify({ schemaVersion: 1, due: anyDue, certificates: judged }))
    } else {
      for (const { file, due, notAfter } of judged) {
        const left = describeDaysLeft(Date.parse(notAfter), io.now())
        terminal.out(`${due ? 'due    ' : 'not due'}  ${plain(file)}  until ${notAfter}, ${left}`)
      }
    }
    return anyDue ? 0 : 1
  },
})

/** At most ten years: no certificate for an app lives longer. */
const withinOf = (text: string) => parseDuration(text, 3_653 * 86_400_000)
