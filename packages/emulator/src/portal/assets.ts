import { readFile } from 'node:fs/promises'
import type { Route } from '../routes/route.ts'
import { paths } from './paths.ts'

/** As far from here in the sources as in the bundle, `dist/bundle`. */
const folder = new URL('../../assets/', import.meta.url)

/** In the order in which later rules win. */
const styles = ['base', 'frame', 'tables', 'forms', 'blocks', 'verdict', 'narrow']

/** The stylesheet, the script and the icon: files of this package, and nothing from elsewhere. */
export const assetRoutes: readonly Route[] = [
  asset(
    paths.style,
    'text/css; charset=utf-8',
    styles.map((name) => `style/${name}.css`),
  ),
  asset(paths.script, 'text/javascript; charset=utf-8', ['portal.js']),
  asset(paths.icon, 'image/svg+xml', ['icon.svg']),
]

function asset(path: string, contentType: string, files: readonly string[]): Route {
  return {
    method: 'GET',
    path,
    async answer() {
      const parts = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')))
      return new Response(parts.join('\n'), {
        headers: {
          'content-type': contentType,
          'cache-control': 'no-cache',
          'x-content-type-options': 'nosniff',
          'cross-origin-resource-policy': 'same-origin',
        },
      })
    },
  }
}
