import { answerGraph } from '../graph/graph.ts'
import type { Route } from './route.ts'

/** Graph, beside the token endpoints and under its own name where that is mapped to the emulator. */
export const graphRoutes: readonly Route[] = ['/v1.0/*', '/beta/*'].map((path) => ({
  method: 'ALL',
  path,
  endpoint: 'graph',
  answer: ({ req, var: { exchange } }, { directory, signingKeys }) =>
    answerGraph(req.raw, { directory, signingKeys, exchange }),
}))
