import type { Place, Takes } from './model.ts'

export function fishScript(places: readonly Place[]): string {
  return `# completion of x5t for fish; load it with: x5t completion fish | source
function __x5t_at
    set -l at x5t
    for word in (commandline -opc)[2..-1]
        contains -- "$at $word" ${places.map(({ path }) => quoted(path)).join(' ')}; or break
        set at "$at $word"
    end
    test "$at" = "$argv[1]"
end
complete -c x5t -f
${places.flatMap(lines).join('\n')}
`
}

function lines({ path, words, options, operand }: Place): string[] {
  const here = `complete -c x5t -n ${quoted(`__x5t_at ${quoted(path)}`)}`
  return [
    ...words.map(({ name, description }) => `${here} -a ${name} -d ${quoted(description)}`),
    ...options.map(
      ({ name, description, takes }) => `${here} ${flag(name)}${value(takes)} -d ${quoted(description)}`,
    ),
    ...(operand === 'file' ? [`${here} -F`] : []),
    ...(typeof operand === 'object' ? [`${here} -a ${quoted(operand.join(' '))}`] : []),
  ]
}

function flag(name: string): string {
  return name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`
}

function value(takes: Takes): string {
  if (takes === 'nothing') return ''
  if (takes === 'file') return ' -r -F'
  return typeof takes === 'object' ? ` -x -a ${quoted(takes.join(' '))}` : ' -x'
}

/** Fish knows two escapes within single quotes. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
