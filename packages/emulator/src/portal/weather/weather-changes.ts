import { moveClock } from '../../clock/clock.ts'
import { oneOf } from '../../directory/definition.ts'
import type { Route } from '../../routes/route.ts'
import { faultKinds } from '../../weather/fault.ts'
import { seeOther } from '../page.ts'
import { paths } from '../paths.ts'
import { portalRoute } from '../portal-error.ts'
import { readPost } from '../write.ts'
import { faultForms } from './fault-forms.ts'

/** Numbers of every kind of fault. */
const numbers = ['count', 'probability', 'seed']

/** The forms of the weather page: each makes of its fields what the JSON route takes, and leaves the checking to it. */
export const weatherChanges: readonly Route[] = [
  portalRoute('weather', 'POST', paths.weather, async (context, { sky }) => {
    const form = await readPost(context)
    const kind = oneOf(...faultKinds)(form.get('kind'), 'fault: kind')
    const numeric = [
      ...numbers,
      ...faultForms[kind].inputs.filter(({ type }) => type === 'number').map(({ name }) => name),
    ]
    const fault = [...form]
      .filter(([, value]) => value.trim() !== '')
      .map(([name, value]) => [name, numeric.includes(name) ? Number(value) : value.trim()])
    sky.arm(Object.fromEntries(fault))
    return seeOther(`${paths.weather}?kind=${kind}`)
  }),
  portalRoute('weather', 'POST', paths.clearWeather, async (context, { sky }) => {
    const form = await readPost(context)
    sky.clear(form.get('id') ?? undefined)
    return seeOther(paths.weather)
  }),
  portalRoute('weather', 'POST', paths.clock, async (context, { clock }) => {
    const form = await readPost(context)
    const set = form.get('set')
    moveClock(clock, {
      advance: form.get('advance') ?? undefined,
      // The field has no zone; it is labelled UTC.
      set: set === null ? undefined : `${set}Z`,
      reset: form.get('reset') === 'true' ? true : undefined,
      frozen: form.has('frozen') ? form.get('frozen') === 'true' : undefined,
    })
    return seeOther(paths.weather)
  }),
]
