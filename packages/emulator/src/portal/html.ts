import type { html } from 'hono/html'

/** Markup in which all that came from elsewhere is escaped. */
export type Html = ReturnType<typeof html>
