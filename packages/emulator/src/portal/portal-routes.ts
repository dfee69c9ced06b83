import type { Route } from '../routes/route.ts'
import { paths } from './paths.ts'

/**
 * The pages for people. They are loaded when the first of them is asked for: 40 ms of CPU that an emulator in a test
 * never spends.
 */
export const portalRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/',
    answer: () => new Response(null, { status: 303, headers: { location: paths.certificates } }),
  },
  ...Object.values(paths).flatMap((path) => [lazily('GET', path), lazily('POST', path)]),
]

function lazily(method: 'GET' | 'POST', path: string): Route {
  return {
    method,
    path,
    async answer(context, services) {
      const { pages } = await import('./pages.ts')
      const page = pages.find((one) => one.method === method && one.path === path)
      return page === undefined ? context.notFound() : page.answer(context, services)
    },
  }
}
