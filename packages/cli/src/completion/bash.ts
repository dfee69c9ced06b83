import { type Place, quoted, type Takes } from './model.ts'

/**
 * Runs in bash 3.2 (macOS) and newer. Files are what bash itself completes where nothing is offered; from
 * bash 4 on `compopt` forbids it where no file belongs.
 */
export function bashScript(places: readonly Place[]): string {
  const withValue = places.flatMap(({ path, options }) =>
    options.filter(({ takes }) => takes !== 'nothing').map((option) => ({ path, ...option })),
  )
  return `# completion of x5t for bash; load it with: source <(x5t completion bash)
_x5t() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at=x5t i
  COMPREPLY=()
  compopt +o default 2>/dev/null
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  for (( i = 1; i < COMP_CWORD; i++ )); do
    case "$at \${COMP_WORDS[i]}" in
      ${places.map(({ path }) => quoted(path)).join('|')}) at="$at \${COMP_WORDS[i]}" ;;
      *) break ;;
    esac
  done
  case "$at $prev" in
${withValue.map(({ path, name, takes }) => `    ${quoted(`${path} ${name}`)}) ${offer(takes)} return ;;`).join('\n')}
  esac
  case "$at" in
${places.map(branch).join('\n')}
  esac
}
complete -o default -F _x5t x5t
`
}

function branch({ path, words, options, operand }: Place): string {
  const choices = typeof operand === 'object' ? operand : []
  const names = [...words.map(({ name }) => name), ...choices]
  const others = names.length === 0 ? offer(operand) : list(names)
  return `    ${quoted(path)})
      if [[ $cur == -* ]]; then ${list(options.map(({ name }) => name))} else ${others} fi ;;`
}

function offer(takes: Takes): string {
  if (takes === 'file') return 'compopt -o default 2>/dev/null;'
  return typeof takes === 'object' ? list(takes) : ':;'
}

function list(names: readonly string[]): string {
  return `COMPREPLY=( $(compgen -W ${quoted(names.join(' '))} -- "$cur") );`
}
