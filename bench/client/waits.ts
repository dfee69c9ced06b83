import { contestants, type Name, type Setting } from './clients.ts'
import { elapsed, inTurns, type Result } from './clock-work.ts'

const graph = 'https://graph.microsoft.com/.default'

/** Milliseconds for one caller and for a thousand at once, each on a cold cache; what fails is counted. */
export async function herd(setting: Setting, name: Name): Promise<Result> {
  let failed = 0
  const ask = async (callers: number) => {
    const getToken = await contestants[name](setting)
    return elapsed(() =>
      Promise.all(Array.from({ length: callers }, () => getToken(graph).catch(() => failed++))),
    )
  }
  await ask(1)
  await counts(setting)
  const thousand = await ask(1_000)
  const seen = await counts(setting)
  const both = { one: () => ask(1), thousand: () => ask(1_000) }
  const times = name === 'x5t' ? await inTurns(41, both, [['thousand', 'one']]) : { thousand }
  return { ...times, ...seen, failed }
}

/** What the server has seen since the last look. */
async function counts({ countsUrl }: Setting): Promise<{ requests: number; connections: number }> {
  // The server writes this shape.
  return (await (await fetch(countsUrl)).json()) as { requests: number; connections: number }
}

/** Milliseconds that a caller, then a hundred, wait for a token past its `refreshAt` at a service that takes 500 ms. */
export async function stale(setting: Setting, name: Name): Promise<Result> {
  await counts(setting)
  const getToken = await contestants[name](setting, 'slow.example')
  await getToken(graph)
  // refresh_in is 1 s; MSAL counts whole seconds and looks for more than that.
  await new Promise((resolve) => setTimeout(resolve, 2_200))
  const one = await elapsed(() => getToken(graph))
  const hundred = await elapsed(() => Promise.all(Array.from({ length: 100 }, () => getToken(graph))))
  await new Promise((resolve) => setTimeout(resolve, 700))
  return { one, hundred, refreshes: (await counts(setting)).requests - 1 }
}
