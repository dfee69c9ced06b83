import { portalRoutes } from '../portal/portal-routes.ts'
import { controlRoutes } from './control-routes.ts'
import { discoveryRoutes } from './discovery-routes.ts'
import { graphRoutes } from './graph-routes.ts'
import { journalRoutes } from './journal-routes.ts'
import type { Route } from './route.ts'
import { tokenRoutes } from './token-routes.ts'
import { weatherRoutes } from './weather-routes.ts'

/** Everything that the server answers. */
export const routes: readonly Route[] = [
  ...graphRoutes,
  ...controlRoutes,
  ...journalRoutes,
  ...portalRoutes,
  ...weatherRoutes,
  ...tokenRoutes,
  ...discoveryRoutes,
]
