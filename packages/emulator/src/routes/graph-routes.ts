import type { Route } from './route.ts'

/**
 * Graph, beside the token endpoints and under its own name where that is mapped to the emulator. It is loaded when it is
 * first asked: a sixth of all that a start would load, for tests that want tokens alone.
 */
export const graphRoutes: readonly Route[] = ['/v1.0/*', '/beta/*'].map((path) => ({
  method: 'ALL',
  path,
  endpoint: 'graph',
  async answer({ req, var: { exchange } }, { directory, signingKeys }) {
    const { answerGraph } = await import('../graph/graph.ts')
    return answerGraph(req.raw, { directory, signingKeys, exchange })
  },
}))
