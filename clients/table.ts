/** Which client did what: a row for each, a column for each case. */
export interface Table {
  /** The case came out as it should. */
  note(client: string, name: string): void
  text(): string
}

export function createTable(columns: readonly string[]): Table {
  const rows = new Map<string, Set<string>>()
  return {
    note(client, name) {
      rows.set(client, (rows.get(client) ?? new Set()).add(name))
    },
    text() {
      const width = Math.max(0, ...[...rows.keys()].map((client) => client.length))
      const legend = columns.map((name, index) => `${index + 1} ${name}`).join(', ')
      const head = `${''.padEnd(width)} ${columns.map((_, index) => String(index + 1).padStart(3)).join('')}`
      const lines = [...rows].map(([client, done]) => {
        const marks = columns.map((name) => (done.has(name) ? '  ✔' : '  ·')).join('')
        return `${client.padEnd(width)} ${marks}`
      })
      const count = [...rows.values()].reduce((sum, { size }) => sum + size, 0)
      return ['', head, ...lines, '', `${rows.size} clients, ${count} lines: ${legend}`].join('\n')
    },
  }
}
