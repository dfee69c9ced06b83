import type { Application } from '../../directory/application.ts'
import type { RegisteredCertificate } from '../../directory/registered-certificate.ts'
import type { Services } from '../../routes/route.ts'
import type { Html } from '../html.ts'
import { state } from '../state.ts'
import { span } from '../time-words.ts'

/** How a certificate stands now. */
export function certificateState(
  { notBefore, notAfter }: RegisteredCertificate,
  acceptedIn: number,
  now: number,
): Html {
  if (now > notAfter) return state('idle', 'expired')
  if (now < notBefore) return state('warn', 'not valid yet')
  return acceptedIn > 0 ? state('warn', 'new') : state('good', 'active')
}

/** Milliseconds until an armed propagation delay lets the certificate through; 0 where none holds it back. */
export function acceptedIn(
  { registeredAt }: RegisteredCertificate,
  { appId }: Application,
  { sky, clock }: Pick<Services, 'sky' | 'clock'>,
): number {
  const delays = sky
    .armed()
    .filter((fault) => fault.kind === 'propagation')
    .filter((fault) => fault.appId === undefined || fault.appId === appId)
    .map(({ seconds }) => registeredAt + seconds * 1000 - clock.now())
  return Math.max(0, ...delays)
}

/** Days left, in words. */
export function timeLeft({ notBefore, notAfter }: RegisteredCertificate, now: number): string {
  if (now > notAfter) return `ended ${span(now - notAfter)} ago`
  if (now < notBefore) return `begins in ${span(notBefore - now)}`
  return span(notAfter - now)
}
