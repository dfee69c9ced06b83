/** `npm start`: the seven steps of the flow, for real, on one machine. Nothing is written outside a temporary folder. */
import { parseArgs } from 'node:util'
import { runFlow } from './flow.ts'

const { values } = parseArgs({ options: { 'show-tokens': { type: 'boolean', default: false } } })
await runFlow({ showTokens: values['show-tokens'] })
