import { createControl } from '../../src/directory/control.ts'
import { openState } from '../../src/state/state.ts'

/** Registers one app after the other in a data folder, and says so on stdout after each, until it is killed. */
const [folder = '', round = ''] = process.argv.slice(2)
const seed = { tenants: [{ id: '8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31' }] }
const { directory } = openState({ folder, seed, now: Date.now })
const control = createControl(directory, seed, Date.now)
for (let count = 0; ; count += 1) {
  const name = `${round}-${count}`
  control.addApp({ name })
  process.stdout.write(`${name}\n`)
}
