import { defineCommand } from '../command.ts'
import { clientOptions } from '../config/client-options.ts'
import { profileOption } from '../config/profile-option.ts'
import { textOrJson } from '../output-option.ts'
import { checkPassphrase } from '../passphrase.ts'

export const doctor = defineCommand({
  summary: 'Find the cause of trouble: configuration, key, network, clock, registration, roles',
  details:
    'One run asks every question from the configuration to the roles in the token, and shows what it saw. The first line\n' +
    'is the cause, then comes what mends it. What depends on something broken is not reached. One token is requested,\n' +
    'and nothing is changed. The report is on stdout also when a check failed: exit code 6.',
  examples: [
    'x5t doctor',
    'x5t doctor --scope api://cars/.default --role Cars.Read',
    'x5t doctor --json | jq .cause',
  ],
  options: {
    scope: { type: 'string', value: 'SCOPE', description: '{resource}/.default: what the token is for' },
    role: {
      type: 'string',
      value: 'ROLE',
      multiple: true,
      description: 'the token must carry this app role',
    },
    audience: { type: 'string', value: 'NAME', description: 'what the API expects in aud' },
    strict: { type: 'boolean', description: 'warnings count as failures' },
    output: textOrJson,
    ...clientOptions,
  },
  check: (values) => checkPassphrase(values),
  async run({ output, strict, ...values }, { io, ask, terminal }) {
    const { checks } = await import('../doctor/checks.ts')
    const { runChecks } = await import('../doctor/run-checks.ts')
    const { describeResults, resultsDocument } = await import('../doctor/describe-results.ts')
    const results = await runChecks(checks, { io, ask, terminal, values })
    terminal.out(output === 'json' ? JSON.stringify(resultsDocument(results)) : describeResults(results))
    const bad = strict ? ['failed', 'warning'] : ['failed']
    const failed = results.some(({ status }) => bad.includes(status))
    if (!failed) terminal.note(`next: x5t token${profileOption(values)}`)
    else if (output !== 'json') terminal.note('next: mend the first line and run it again')
    return failed ? 6 : 0
  },
})
