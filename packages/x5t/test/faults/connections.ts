import { type Answer, answer, type Expected, type Fault, granted, ok, raw, tokenWith } from './fault.ts'

const body = tokenWith()
const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'
const reset: Answer = ({ response }) => response.socket?.resetAndDestroy()
const lost = (requests: number, message = /connection reset/): Expected => ({
  code: 'ERR_NO_ANSWER',
  requests,
  message,
})
const late: Expected = {
  code: 'ERR_TIMEOUT',
  requests: 1,
  message: /no token from 127\.0\.0\.1:\d+ within 0\.3 s/,
}
const impatient = () => ({ timeoutMs: 300 })

const then = (name: string, first: Answer): Fault => ({
  name: `${name}, then a token`,
  answers: [first, granted],
  expected: ok(2),
})

/** Writes `bytes` one at a time, one each 20 ms, until the other side has had enough. */
const drip =
  (bytes: string, start = ''): Answer =>
  ({ response }) => {
    const { socket } = response
    socket?.write(start)
    let sent = 0
    const timer = setInterval(() => socket?.write(bytes[sent++ % bytes.length] ?? ''), 20)
    socket?.on('close', () => clearInterval(timer))
  }

/** A second request on the same connection finds it dead, as when a load balancer has dropped it. */
const resetReused: Answer = (visit) => reset(visit)

/** Connections that break, hang or talk something else. */
export const connections: readonly Fault[] = [
  then('a reset before the headers', reset),
  then('a reset after the headers', ({ response }) => {
    response.socket?.write(`${head}content-length: 500\r\n\r\n`, () => response.socket?.resetAndDestroy())
  }),
  then('a reset in the body', ({ response }) => {
    response.socket?.write(`${head}content-length: 500\r\n\r\n${body}`, () =>
      response.socket?.resetAndDestroy(),
    )
  }),
  then('an end in the body', raw(`${head}content-length: 500\r\n\r\n${body}`)),
  then('an end in a chunk', raw(`${head}transfer-encoding: chunked\r\n\r\n50\r\n${body}`)),
  then('an end without an answer', raw('')),
  then('an end in the headers', raw('HTTP/1.1 200 OK\r\ncontent-ty')),
  then('something that is not HTTP', raw('SSH-2.0-OpenSSH_9.6\r\n')),
  then('a chunk of size z', raw(`${head}transfer-encoding: chunked\r\n\r\nz\r\n${body}`)),
  then('two content lengths', raw(`${head}content-length: 5\r\ncontent-length: 6\r\n\r\n${body}`)),
  then('headers of 100 kB', raw(`${head}x: ${'y'.repeat(100_000)}\r\n\r\n${body}`)),
  then(
    'an upgrade to something else',
    raw('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  ),
  { name: 'a reset each time', answers: [reset], expected: lost(3) },
  {
    name: 'a body shorter than it says, that hangs',
    answers: [({ response }) => response.socket?.write(`${head}content-length: 500\r\n\r\n${body}`)],
    expected: late,
    options: impatient,
  },
  { name: 'no answer at all', answers: [() => {}], expected: late, options: impatient },
  { name: 'headers that drip', answers: [drip('x-a: b\r\n', head)], expected: late, options: impatient },
  {
    name: 'a body that drips',
    answers: [drip(' ', `${head}content-length: 5000\r\n\r\n`)],
    expected: late,
    options: impatient,
  },
  {
    name: 'early answers without end',
    answers: [drip('HTTP/1.1 102 Processing\r\n\r\n')],
    expected: late,
    options: impatient,
  },
  {
    name: 'early answers before the real one',
    answers: [
      ({ response }) => {
        for (let count = 0; count < 20; count++)
          response.socket?.write('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n')
        response.writeHead(200, { 'content-type': 'application/json' }).end(body)
      },
    ],
    expected: ok(),
  },
  {
    name: 'HTTP/1.0 without a length',
    answers: [raw(`${head.replace('1.1', '1.0')}\r\n${body}`)],
    expected: ok(),
  },
  {
    name: 'a body longer than it says',
    answers: [raw(`${head}content-length: 20\r\n\r\n${body}`)],
    expected: { code: 'ERR_RESPONSE_INVALID', requests: 1, message: /but not with whole JSON/ },
  },
  {
    name: 'a kept-alive connection that was dead when used again',
    answers: [granted, resetReused, granted],
    calls: 2,
    expected: ok(3),
  },
  {
    name: 'a kept-alive connection that is always dead',
    answers: [granted, resetReused, granted, resetReused, granted],
    calls: 3,
    expected: ok(5),
  },
  {
    name: 'a connection that the server closes after each answer',
    answers: [answer(200, body, { connection: 'close' })],
    calls: 3,
    expected: ok(3),
  },
]
