import type { Route } from '../routes/route.ts'
import { assetRoutes } from './assets.ts'
import { certificatesPage } from './certificates/certificates-page.ts'
import { generateRoute } from './certificates/generate.ts'
import { removeRoutes } from './certificates/remove.ts'
import { uploadRoutes } from './certificates/upload.ts'
import { connectChanges } from './connect/connect-changes.ts'
import { connectPage } from './connect/connect-page.ts'
import { comparePage } from './requests/compare-page.ts'
import { requestRoutes } from './requests/request-page.ts'
import { requestsPage } from './requests/requests-page.ts'
import { tokenRoutes } from './token/token-page.ts'
import { weatherChanges } from './weather/weather-changes.ts'
import { weatherPage } from './weather/weather-page.ts'

/** The pages for people. Each does what the JSON routes do, by the same calls. */
export const pages: readonly Route[] = [
  certificatesPage,
  ...uploadRoutes,
  generateRoute,
  ...removeRoutes,
  requestsPage,
  ...requestRoutes,
  comparePage,
  ...tokenRoutes,
  weatherPage,
  ...weatherChanges,
  connectPage,
  ...connectChanges,
  ...assetRoutes,
]
