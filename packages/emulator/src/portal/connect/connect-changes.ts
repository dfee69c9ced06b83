import { html } from 'hono/html'
import { ControlError } from '../../routes/control-error.ts'
import type { Route } from '../../routes/route.ts'
import { respond, seeOther } from '../page.ts'
import { paths } from '../paths.ts'
import { portalRoute } from '../portal-error.ts'
import { readFileUpload } from '../read-file-upload.ts'
import { requireOwnPage } from '../write.ts'

/** Bytes, as of the JSON route. */
const importLimit = 33_554_432

/** The state as a whole: replaced by a file, or back to the start. */
export const connectChanges: readonly Route[] = [
  portalRoute('connect', 'POST', paths.importState, async (context, { control }) => {
    requireOwnPage(context)
    const { bytes } = await readFileUpload(context, importLimit)
    let seed: unknown
    try {
      seed = JSON.parse(bytes.toString())
    } catch {
      throw new ControlError(400, 'BadRequest', 'the file is not JSON')
    }
    control.importSeed(seed)
    return seeOther(`${paths.connect}?done=imported`)
  }),
  portalRoute('connect', 'POST', paths.rollKey, async (context, { signingKeys }) => {
    requireOwnPage(context)
    await signingKeys.roll()
    return seeOther(`${paths.connect}?done=rolled`)
  }),
  portalRoute('connect', 'GET', paths.reset, (context, services) => {
    const body = html`<h1>Reset the emulator?</h1>
<p class="notice warn">Every app, certificate and role goes back to what the emulator was started with. Faults and the clock stay as they are.</p>
<div class="actions"><form method="post"><button class="danger">Reset it</button></form><a class="button" href="${paths.connect}">Cancel</a></div>`
    return respond(context, services, { title: 'Reset', tab: 'connect', body })
  }),
  portalRoute('connect', 'POST', paths.reset, (context, { control }) => {
    requireOwnPage(context)
    control.reset()
    return seeOther(`${paths.connect}?done=reset`)
  }),
]
