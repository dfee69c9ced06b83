import { html } from 'hono/html'
import type { Html } from './html.ts'

/** Text to take along; with scripts there is a button to copy it. */
export const copyable = (text: string): Html =>
  html`<div class="copyable" data-copy><pre tabindex="0">${text}</pre></div>`

/** One argument of a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
