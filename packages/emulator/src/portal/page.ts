import { html } from 'hono/html'
import type { EmulatorContext, Services } from '../routes/route.ts'
import { banner } from './banner.ts'
import type { Html } from './html.ts'
import { paths } from './paths.ts'

export interface Page {
  readonly title: string
  readonly tab: Tab
  readonly body: Html
  /** Default: 200. */
  readonly status?: number
}

const tabs = [
  ['certificates', 'Certificates'],
  ['requests', 'Requests'],
  ['token', 'Token'],
  ['weather', 'Weather'],
  ['connect', 'Connect'],
] as const

type Tab = (typeof tabs)[number][0]

/** Nothing inline, nothing from elsewhere, in no frame; and the script cannot make markup of text. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not no-referrer, which would take the Origin from the portal's own forms.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** A page in the frame that all pages share. */
export async function respond(
  { var: { exchange } }: EmulatorContext,
  services: Services,
  page: Page,
): Promise<Response> {
  const document = await frame(page, services)
  const date = new Date(exchange.receivedAt).toUTCString()
  return new Response(String(document), { status: page.status ?? 200, headers: { ...headers, date } })
}

/** On to another page after a write, so that a reload does not write again. */
export const seeOther = (location: string): Response =>
  new Response(null, { status: 303, headers: { location } })

function frame({ title, tab, body }: Page, services: Services): Html {
  const { now } = services.clock.describe()
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · x5t emulator</title>
<link rel="icon" href="${paths.icon}">
<link rel="stylesheet" href="${paths.style}">
<script type="module" src="${paths.script}"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<div class="top-inner">
<div class="brand">
<a href="${paths.certificates}">x5t</a>
<span class="mark">emulator, not Microsoft</span>
<span class="clock">clock <time datetime="${now}">${now.slice(0, 19).replace('T', ' ')}Z</time></span>
</div>
<nav aria-label="Portal">
<ul class="tabs">
${tabs.map(([name, label]) => html`<li><a href="${paths[name]}"${current(name === tab)}>${label}</a></li>`)}
</ul>
</nav>
</div>
</header>
${banner(services)}
<main id="content" tabindex="-1">
${body}
</main>
<footer class="foot"><p>A local stand-in for Microsoft Entra ID. What happens here stays on this machine.</p></footer>
</body>
</html>
`
}

/** The attribute of the link to where one is. */
export const current = (is: boolean): Html | '' => (is ? html` aria-current="page"` : '')
