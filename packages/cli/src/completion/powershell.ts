import type { Place, Takes } from './model.ts'

/** For Windows PowerShell 5.1 and newer. `$null` leaves the word to PowerShell, which completes files. */
export function powershellScript(places: readonly Place[]): string {
  return `# completion of x5t for PowerShell; load it with: x5t completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName x5t -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $places = @{
${places.map(place).join('\n')}
  }
  $typed = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $at = 'x5t'
  for ($i = 1; $i -lt $typed.Count; $i++) {
    if (-not $places.ContainsKey("$at $($typed[$i])")) { break }
    $at = "$at $($typed[$i])"
  }
  $place = $places[$at]
  $previous = if ($typed.Count -gt 0) { $typed[-1] } else { '' }
  $offered = if ($place.values.ContainsKey($previous)) { $place.values[$previous] }
    elseif ($wordToComplete -like '-*') { $place.options }
    else { $place.words }
  if ($null -eq $offered) { return $null }
  $offered.Keys | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $offered[$_])
  }
}
`
}

function place({ path, words, options, operand }: Place): string {
  const values = options.filter(({ takes }) => takes !== 'nothing')
  const choices = typeof operand === 'object' ? operand.map((name) => ({ name, description: name })) : []
  const others = [...words, ...choices]
  return `    ${quoted(path)} = @{
      words = ${others.length === 0 && operand === 'file' ? '$null' : table(others)}
      options = ${table(options)}
      values = @{${values.map(({ name, takes }) => ` ${quoted(name)} = ${offer(takes)}`).join(';')} }
    }`
}

function offer(takes: Takes): string {
  if (takes === 'file') return '$null'
  return table(typeof takes === 'object' ? takes.map((name) => ({ name, description: name })) : [])
}

function table(items: readonly { readonly name: string; readonly description: string }[]): string {
  return `[ordered]@{${items.map(({ name, description }) => ` ${quoted(name)} = ${quoted(description)}`).join(';')} }`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
