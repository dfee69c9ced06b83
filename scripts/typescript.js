/** Lets Node run the repository's TypeScript as it stands: `node --import ./scripts/typescript.js file.ts`. */
import { register } from 'node:module'

register('./typescript-hook.js', import.meta.url)
// Stack traces name the lines of the .ts files.
process.setSourceMapsEnabled(true)
