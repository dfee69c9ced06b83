import type { Fault } from './fault.ts'

/** Addresses at which no token endpoint is. */
export const networks: readonly Fault[] = [
  {
    name: 'nobody who listens',
    answers: [],
    options: ({ deadPort }) => ({ authority: `http://127.0.0.1:${deadPort}` }),
    expected: {
      code: 'ERR_NO_ANSWER',
      requests: 0,
      message: /no answer from 127\.0\.0\.1:\d+: connection refused/,
    },
  },
  {
    name: 'a name that does not resolve',
    answers: [],
    options: () => ({ authority: 'https://login.invalid' }),
    expected: {
      code: 'ERR_NO_ANSWER',
      requests: 0,
      message: /no answer from login\.invalid: (the name does not resolve|name lookup failed)/,
    },
  },
  {
    name: 'a TLS certificate that nobody trusts',
    answers: [],
    options: ({ tlsPort }) => ({ authority: `https://localhost:${tlsPort}` }),
    expected: {
      code: 'ERR_TLS_UNTRUSTED',
      requests: 0,
      retryable: false,
      message: /DEPTH_ZERO_SELF_SIGNED_CERT/,
    },
  },
  {
    name: 'a TLS certificate for another name',
    answers: [],
    options: ({ tlsOtherNamePort, otherNameCa }) => ({
      authority: `https://localhost:${tlsOtherNamePort}`,
      ca: otherNameCa,
    }),
    expected: {
      code: 'ERR_TLS_UNTRUSTED',
      requests: 0,
      retryable: false,
      message: /ERR_TLS_CERT_ALTNAME_INVALID/,
    },
  },
  {
    name: 'a TLS certificate that is none for servers',
    answers: [],
    options: ({ tlsClientOnlyPort, clientOnlyCa }) => ({
      authority: `https://localhost:${tlsClientOnlyPort}`,
      ca: clientOnlyCa,
    }),
    expected: { code: 'ERR_TLS_UNTRUSTED', requests: 0, retryable: false, message: /INVALID_PURPOSE/ },
  },
  {
    name: 'plain http on the https port',
    answers: [],
    options: ({ elsewhere }) => ({ authority: elsewhere.replace('http:', 'https:') }),
    expected: {
      code: 'ERR_TLS_FAILED',
      requests: 0,
      retryable: false,
      message: /did not complete a TLS handshake/,
    },
  },
  {
    name: 'TLS on the plain http port',
    answers: [],
    options: ({ tlsPort }) => ({ authority: `http://127.0.0.1:${tlsPort}` }),
    expected: { code: 'ERR_NO_ANSWER', requests: 0 },
  },
]
