import type { Certificate } from '../certificate/certificate.ts'
import { checkValidity } from '../certificate/validity.ts'
import { type Advice, adviseOn } from '../entra/aadsts/advice.ts'
import { CertificateError } from '../errors.ts'

/**
 * What the numbers of a refusal mean for this request.
 *
 * Entra: AADSTS700027 is said of a certificate that is not registered, and of one outside its dates as well. Which of
 * them it is can be seen here.
 *
 * @param facts.now - Epoch milliseconds, by the clock of the server.
 */
export function explainRefusal(
  errorCodes: readonly number[],
  facts: {
    readonly clientId: string
    readonly tenant: string
    readonly certificate: Certificate
    readonly now: number
  },
): Partial<Advice> {
  const { certificate, now, ...request } = facts
  const advice = adviseOn(errorCodes, { ...request, ...certificate })
  const hint = errorCodes.includes(700027) ? hintOnDates(certificate, now) : undefined
  return hint === undefined ? advice : { ...advice, hint }
}

function hintOnDates(certificate: Certificate, now: number): string | undefined {
  try {
    checkValidity(certificate, now)
    return undefined
  } catch (error) {
    return error instanceof CertificateError ? `${error.message}: ${error.hint}` : undefined
  }
}
