import type { TokenEndpointError } from 'x5t'
import { plain } from '../plain.ts'

/** What the token endpoint said: a token, or why there is none. */
export type TokenAnswer =
  | { readonly accessToken: string; readonly expiresAt: number; readonly refusal?: undefined }
  | { readonly refusal: TokenEndpointError; readonly accessToken?: undefined }

/** What the service looks at, in its order. It answers for the first that is wrong, so those before it were right. */
export const stages = ['tenant', 'app', 'certificate', 'resource'] as const
export type Stage = (typeof stages)[number]

/** Entra: AADSTS numbers by what they are about. They choose words here; nothing is done because of one. */
const numbers: Readonly<Record<Stage, readonly number[]>> = {
  tenant: [90002, 900023, 90013, 50059, 90019, 50194, 90038, 900382, 900432, 900439, 50049],
  app: [700016, 700038, 7000229, 7000112, 700025, 70001, 700011, 1000031, 7000110],
  certificate: [
    700027, 700024, 700023, 700021, 50048, 50027, 5002723, 5002738, 50012, 700030, 7000213, 7000214, 7000274,
    7000277, 1000502, 7000215, 7000216, 7000222,
  ],
  resource: [
    500011, 50001, 500014, 501051, 50105, 1002012, 70011, 700022, 65001, 650052, 650057, 53003, 901002,
  ],
}

/** Undefined for a refusal that is about none of them. */
export function stageOf({ errorCodes }: TokenEndpointError): Stage | undefined {
  return stages.find((stage) => errorCodes.some((code) => numbers[stage].includes(code)))
}

/** Whether the service got past a stage: it gave a token, or refused for something later. */
export function passed(answer: TokenAnswer, stage: Stage): boolean {
  if (answer.refusal === undefined) return true
  const stopped = stageOf(answer.refusal)
  return stopped !== undefined && stages.indexOf(stopped) > stages.indexOf(stage)
}

/** AADSTS number and description as the service wrote them, not all of it. */
export function quote({ aadsts, errorDescription, error, status }: TokenEndpointError): string {
  const said = errorDescription ?? error ?? `status ${status}`
  const quoted = plain(aadsts === undefined || said.startsWith('AADSTS') ? said : `AADSTS${aadsts}: ${said}`)
  return quoted.length > 180 ? `${quoted.slice(0, 180)} …` : quoted
}
