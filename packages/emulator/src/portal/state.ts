import { html } from 'hono/html'
import type { Html } from './html.ts'

type Tone = 'good' | 'bad' | 'warn' | 'idle'

/** Shapes differ too, for eyes and prints without colour. */
const signs: Readonly<Record<Tone, string>> = { good: '●', bad: '✗', warn: '◐', idle: '○' }

/** A state: a sign, a colour, and always the word. */
export const state = (tone: Tone, word: string): Html =>
  html`<span class="state ${tone}"><span aria-hidden="true">${signs[tone]}</span>${word}</span>`
