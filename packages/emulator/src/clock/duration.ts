import { DefinitionError, type Reader } from '../directory/definition.ts'

const shape = /^(-?)P(?!$)(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i

/** Seconds of a week, a day, an hour, a minute and a second. */
const units = [604_800, 86_400, 3600, 60, 1]

/**
 * Seconds, or an ISO 8601 duration such as `PT5M` or `-P1DT12H`; read as milliseconds. Years and months have no fixed
 * length and are refused.
 */
export const duration: Reader<number> = (value, path) => {
  const [, sign, ...counts] = (typeof value === 'string' ? shape.exec(value) : undefined) ?? []
  const seconds =
    sign === undefined
      ? value
      : units.reduce((sum, unit, index) => sum + unit * Number(counts[index] ?? 0), 0) *
        (sign === '-' ? -1 : 1)
  if (typeof seconds !== 'number' || !Number.isFinite(seconds))
    throw new DefinitionError(path, 'expected seconds, or a duration such as PT5M or P1D')
  return Math.round(seconds * 1000)
}
