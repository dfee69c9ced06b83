/** Asks the addresses in argv[3...] with the CA in argv[2] and prints what came, as JSON. */
import { readFileSync } from 'node:fs'
import { nodeExchange } from '../../src/http/node-exchange.ts'

const [, , ca = '', ...addresses] = process.argv
const exchange = nodeExchange({ ca: ca === '' ? undefined : readFileSync(ca, 'utf8') })
const results = addresses.map((address) =>
  exchange({ method: 'GET', url: new URL(address), headers: {} }).then(
    ({ status }) => status,
    ({ code }) => code,
  ),
)
process.stdout.write(JSON.stringify(await Promise.all(results)))
