import { type Place, quoted, type Takes } from './model.ts'

export function zshScript(places: readonly Place[]): string {
  const withValue = places.flatMap(({ path, options }) =>
    options.filter(({ takes }) => takes !== 'nothing').map((option) => ({ path, ...option })),
  )
  return `#compdef x5t
# completion of x5t for zsh; load it with: source <(x5t completion zsh)
_x5t() {
  local at=x5t prev=\${words[CURRENT-1]} i
  local -a offered
  if [[ $PREFIX == --*=* ]]; then prev=\${PREFIX%%=*}; compset -P '*='; fi
  for (( i = 2; i < CURRENT; i++ )); do
    case "$at \${words[i]}" in
      (${places.map(({ path }) => quoted(path)).join('|')}) at="$at \${words[i]}" ;;
      (*) break ;;
    esac
  done
  case "$at $prev" in
${withValue.map(({ path, name, takes }) => `    (${quoted(`${path} ${name}`)}) ${offer(takes)}; return ;;`).join('\n')}
  esac
  case "$at" in
${places.map(branch).join('\n')}
  esac
}
if [[ \${funcstack[1]} == _x5t ]]; then _x5t "$@"; else compdef _x5t x5t; fi
`
}

function branch({ path, words, options, operand }: Place): string {
  const others =
    words.length === 0 ? offer(operand) : `${described(words)}; _describe -t commands command offered`
  return `    (${quoted(path)})
      if [[ $PREFIX == -* ]]; then ${described(options)}; _describe -t options option offered; else ${others}; fi ;;`
}

function described(items: readonly { readonly name: string; readonly description: string }[]): string {
  return `offered=(${items.map(({ name, description }) => quoted(`${name}:${description}`)).join(' ')})`
}

function offer(takes: Takes): string {
  if (takes === 'file') return '_files'
  return typeof takes === 'object' ? `compadd -- ${takes.map(quoted).join(' ')}` : ':'
}
