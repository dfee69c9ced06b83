import { endOf } from '../network/route.ts'

/** The command that starts an emulator at this address of this machine. */
export function startCommand(url: URL): string {
  const { port, secure } = endOf(url)
  return ['x5t emulator', ...(port === 8443 ? [] : [`--port ${port}`]), ...(secure ? [] : ['--http'])].join(
    ' ',
  )
}
