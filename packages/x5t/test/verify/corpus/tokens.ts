import type { Case } from './corpus.ts'
import { forgedAlgorithm } from './forged-algorithm.ts'
import { forgedClaims } from './forged-claims.ts'
import { forgedForm } from './forged-form.ts'
import { forgedHeader } from './forged-header.ts'
import { forgedSignature } from './forged-signature.ts'
import { goodTokens } from './good-tokens.ts'

/** Every token that stays with us, with what is to be said of it. Made anew each time, with keys made anew. */
export const corpus: readonly Case[] = [
  ...goodTokens,
  ...forgedForm,
  ...forgedAlgorithm,
  ...forgedHeader,
  ...forgedSignature,
  ...forgedClaims,
]
