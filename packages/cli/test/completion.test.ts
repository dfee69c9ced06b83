import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { createStage } from './support/stage.ts'

/** The scripts in the shells they are for: loaded, and asked what may follow. */
const stage = createStage()
const scripts: Record<string, string> = {}

before(async () => {
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const { code, stdout, stderr } = await stage.x5t(['completion', shell])
    assert.equal(code, 0, stderr)
    scripts[shell] = stdout
    stage.write(shell, stdout)
  }
  stage.write('app.pem', '')
})
after(() => stage.remove())

const without = (shell: string, debianPackage = shell) =>
  spawnSync(shell, ['-c', 'true']).error !== undefined && `no ${shell}; apt-get install ${debianPackage}`

/** Runs a shell script with no way to find a program: completing starts none. */
function offered(shell: string, script: string, ...parameters: string[]): string[] {
  const path = execFileSync('/bin/sh', ['-c', `command -v ${shell}`], { encoding: 'utf8' }).trim()
  const options = { cwd: stage.folder, env: { PATH: '', HOME: stage.folder }, encoding: 'utf8' } as const
  const { stdout, stderr, status } = spawnSync(path, [...parameters, '-c', script], options)
  assert.equal(stderr, '', script)
  assert.equal(status, 0)
  return stdout.split('\n').filter((line) => line !== '')
}

/** The words typed, the last one unfinished; what must be offered, and what must not. */
const cases: [words: string[], some: string[], none: string[]][] = [
  [
    ['x5t', ''],
    ['token', 'cert', 'explain', 'help'],
    ['login', '--help', 'app.pem'],
  ],
  [['x5t', 'to'], ['token'], ['cert']],
  [
    ['x5t', 'cert', ''],
    ['new', 'show'],
    ['inspect', 'token'],
  ],
  [
    ['x5t', 'token', '--'],
    ['--scope', '--output', '--json', '--help'],
    ['--passphrase', '--bits'],
  ],
  [
    ['x5t', 'token', '--output', ''],
    ['raw', 'json', 'header'],
    ['text', 'app.pem'],
  ],
  [['x5t', 'token', '--scope', ''], [], ['raw', 'app.pem', '--output']],
  [['x5t', 'emulator', 'cert', 'add', '--u'], ['--url'], ['--app']],
  [['x5t', 'completion', ''], ['bash', 'zsh', 'fish', 'powershell'], ['token']],
  [['x5t', 'help', ''], ['exit-codes', 'token'], ['app.pem']],
]

for (const [words, some, none] of cases) {
  const typed = words.join(' ')
  test(`bash completes "${typed}"`, { skip: without('bash') }, () => {
    const array = words.map((word) => `'${word}'`).join(' ')
    const ask = `COMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}; _x5t; printf '%s\\n' "\${COMPREPLY[@]}"`
    check(offered('bash', `set -u; . ./bash; ${ask}`, '--norc', '--noprofile'), some, none)
  })

  test(`zsh completes "${typed}"`, { skip: without('zsh') }, () => {
    const array = words.map((word) => `'${word}'`).join(' ')
    // The widgets that only work while a key is handled, as functions that print what they are given.
    const stubs =
      'compdef() { : }; compadd() { shift; print -l -- "$@" }; _files() { print app.pem }; ' +
      `_describe() { for entry in "\${(@P)4}"; do print -r -- "\${entry%%:*}"; done }`
    const ask = `words=(${array}); CURRENT=${words.length}; PREFIX='${words.at(-1)}'; _x5t`
    const all = offered('zsh', `${stubs}; source ./zsh; ${ask}`, '-f')
    check(
      all.filter((word) => word.startsWith(words.at(-1) ?? '')),
      some,
      none,
    )
  })

  test(`fish completes "${typed}"`, { skip: without('fish') }, () => {
    const lines = offered('fish', `source ./fish; complete -C '${typed}'`, '--no-config')
    check(
      lines.map((line) => line.split('\t')[0] ?? ''),
      some,
      none,
    )
  })
}

function check(found: readonly string[], some: readonly string[], none: readonly string[]): void {
  for (const word of some) assert.ok(found.includes(word), `${word} is missing in ${found}`)
  for (const word of none) assert.ok(!found.includes(word), `${word} is in ${found}`)
}

test('fish offers files where an option takes one', { skip: without('fish') }, () => {
  const lines = offered('fish', "source ./fish; complete -C 'x5t token --cert ap'", '--no-config')
  assert.deepEqual(lines, ['app.pem'])
})

test('bash leaves files to itself where an option takes one, and says so to its completion', {
  skip: without('bash'),
}, () => {
  const ask = 'compopt() { echo "compopt $*"; }; COMP_WORDS=(x5t token --cert ap); COMP_CWORD=3; _x5t'
  assert.deepEqual(offered('bash', `. ./bash; ${ask}; echo "\${#COMPREPLY[@]}"`), [
    'compopt +o default',
    'compopt -o default',
    '0',
  ])
})

test('the completion system of zsh loads its script', { skip: without('zsh') }, () => {
  const script = 'autoload -U compinit; compinit -D -u; source ./zsh; print $_comps[x5t]'
  assert.deepEqual(offered('zsh', script, '-f'), ['_x5t'])
})

test('the PowerShell script closes what it opens', () => {
  const bare = (scripts.powershell ?? '').replace(/'(?:[^']|'')*'|#.*/g, '').replace(/"[^"]*"/g, '')
  assert.ok(!bare.includes("'"))
  const open: string[] = []
  const pairs: Record<string, string> = { ')': '(', '}': '{', ']': '[' }
  for (const sign of bare) {
    if ('({['.includes(sign)) open.push(sign)
    else if (pairs[sign] !== undefined) assert.equal(open.pop(), pairs[sign])
  }
  assert.deepEqual(open, [])
  for (const word of ["'x5t cert new'", "'--passphrase-file' = $null", 'Register-ArgumentCompleter -Native'])
    assert.ok(scripts.powershell?.includes(word), word)
})
