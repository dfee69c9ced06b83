import { defineCommand } from '../command.ts'

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

export const completion = defineCommand({
  summary: 'Print a script that completes commands, options and files in your shell',
  details:
    'The script knows everything by itself: completing starts no process. Load it in the start-up file of the shell, or\n' +
    'put it where the shell looks: /etc/bash_completion.d/x5t, a folder of $fpath as _x5t, or\n' +
    '~/.config/fish/completions/x5t.fish.',
  examples: [
    'source <(x5t completion bash)',
    'source <(x5t completion zsh)',
    'x5t completion fish | source',
    'x5t completion powershell | Out-String | Invoke-Expression',
  ],
  options: {},
  positionals: { shell: { description: 'for which shell', choices: shells } },
  async run({ shell }, { io, tree }) {
    const { completionModel } = await import('../completion/model.ts')
    const places = await completionModel(tree)
    io.stdout.write((await writers[shell]())(places))
    return 0
  },
})

const writers = {
  bash: async () => (await import('../completion/bash.ts')).bashScript,
  zsh: async () => (await import('../completion/zsh.ts')).zshScript,
  fish: async () => (await import('../completion/fish.ts')).fishScript,
  powershell: async () => (await import('../completion/powershell.ts')).powershellScript,
}
