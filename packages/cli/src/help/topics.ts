import { UsageError } from '../cli-error.ts'
import { byCode, exitCodes } from '../exit-code.ts'
import { nearest } from '../nearest.ts'
import { environmentText, filesText } from './settings-topics.ts'
import { table } from './table.ts'

/** A page of `x5t help` that belongs to no single command. */
export interface Topic {
  readonly summary: string
  readonly text: () => string
}

export const topics: Readonly<Record<string, Topic>> = {
  'exit-codes': { summary: 'what the process tells its caller', text: exitCodesText },
  environment: { summary: 'variables, and what goes before what', text: environmentText },
  files: { summary: 'what is kept where', text: filesText },
  formats: { summary: 'streams and forms of output', text: formatsText },
  errors: { summary: 'the codes below an error, by exit code', text: errorsText },
}

/**
 * The page that words after `help` name; undefined where they name one of `commands`, or nothing.
 *
 * @throws UsageError for a word that is neither.
 */
export function findTopic(words: readonly string[], commands: readonly string[]): Topic | undefined {
  const [word] = words
  if (word === undefined || word.startsWith('-') || commands.includes(word)) return undefined
  if (Object.hasOwn(topics, word)) return topics[word]
  const guess = nearest(word, [...Object.keys(topics), ...commands])
  const hint = guess === undefined ? 'see: x5t help' : `did you mean: x5t help ${guess}`
  throw new UsageError([`x5t help has no page "${word}"`], [hint])
}

function exitCodesText(): string {
  return [
    'A failure is never 0, and a retry is useful for 5 alone.',
    '',
    ...table(Object.entries(exitCodes)),
    '',
    'x5t cert due is a predicate for systemd: 0 due, 1 not due, 255 error.',
  ].join('\n')
}

function formatsText(): string {
  return [
    'stdout is the answer, stderr the conversation. The bytes on stdout are the same with and without a terminal.',
    '',
    ...table([
      ['--output FORM', 'the form of the answer; each command lists its own'],
      ['--output json', 'one JSON document; --json is short for it'],
      ['--quiet', 'no remarks on stderr; errors and warnings stay'],
      ['--debug', 'with an error, its causes and stack'],
      ['--no-input', 'ask nothing; what is missing is an error'],
    ]),
    '',
    'On failure stdout stays empty. With JSON, stderr is exactly one object:',
    '',
    '  { "error": { "code", "message", "hint", "aadsts", "oauthError", "status",',
    '               "correlationId", "traceId", "retryable", "exitCode" } }',
    '',
    'The report of x5t doctor is an answer: it is on stdout also where a check failed, and there is no such object.',
    '',
    'Times are UTC: ISO 8601, in JSON beside epoch seconds. Colours appear on terminals only; NO_COLOR and TERM=dumb',
    'take them away, FORCE_COLOR brings them, and no meaning is in a colour alone.',
    'Schemas: docs/schemas.',
  ].join('\n')
}

function errorsText(): string {
  const codes = Object.entries(byCode)
  const groups = Object.entries(exitCodes).map(([exitCode, meaning]) => ({
    title: `${exitCode}  ${meaning}`,
    codes: codes.filter(([, value]) => String(value) === exitCode).map(([code]) => `  ${code}`),
  }))
  return [
    'An error ends with its code, which is stable. docs/errors.md says what each means and what to do.',
    ...groups.filter((group) => group.codes.length > 0).flatMap((group) => ['', group.title, ...group.codes]),
    '',
    'x5t explain AADSTS700027 explains the numbers of Entra.',
  ].join('\n')
}
