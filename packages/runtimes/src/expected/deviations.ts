import type { RuntimeName } from '../contract.ts'
import type { Row } from './rows.ts'

/** What differs from the rule on some runtimes, and why. What is not listed is as everywhere. */
export interface Deviation extends Row {
  /** A group, or one case: `invalid-method/get`. */
  readonly of: readonly string[]
  readonly on: readonly RuntimeName[]
  /** One sentence. */
  readonly why: string
  /** `false`: the server takes for whole what is not. */
  readonly whole?: false
}

const CHROMIUM_SAYS =
  'A page is told "Failed to fetch" whatever happened, so that it can not spy on other origins (Fetch standard).'
const WORKERD_SAYS = 'workerd says "internal error" of what is not a lost connection: DNS, TLS and what is no HTTP.'
const WORKERD_LOST = 'workerd says "Network connection lost." of a connection that broke and of one that never was.'

export const deviations: readonly Deviation[] = [
  // What a runtime does not tell: the safe decision.
  {
    of: [
      'refused',
      'refused-by-name',
      'refused-then-back',
      'dns-not-found',
      'reset-on-accept',
      'reset-before-headers',
      'close-before-headers',
      'garbage',
      'header-overflow',
      'source-fails',
      'tls-self-signed',
      'tls-to-plain',
      'plain-to-tls',
      'tls-reset',
      'h2-internal-error',
      'h2-goaway',
      'redirect-stream',
      'redirect-loop',
      'redirect-error',
      'redirect-bad-url',
      'redirect-bad-port',
      'redirect-scheme',
      'redirect-to-refused',
      'redirect-to-no-host',
      'bad-port',
      'unknown-scheme',
      'body-reset',
      'body-truncated',
    ],
    on: ['chromium'],
    outcome: 'untold',
    why: CHROMIUM_SAYS,
  },
  {
    of: ['refused', 'refused-by-name', 'refused-then-back', 'bad-port', 'redirect-bad-port'],
    on: ['workerd'],
    outcome: 'unclear',
    why: WORKERD_LOST,
  },
  {
    of: ['dns-not-found', 'garbage', 'header-overflow', 'tls-self-signed', 'tls-to-plain', 'redirect-to-no-host'],
    on: ['workerd'],
    outcome: 'unclear',
    why: WORKERD_SAYS,
  },
  {
    of: ['body-reset', 'body-truncated'],
    on: ['bun', 'workerd'],
    outcome: 'unclear',
    why: 'The error of a body is that of a connection that broke before the headers.',
  },
  {
    of: ['redirect-to-refused', 'redirect-bad-port'],
    on: ['bun'],
    outcome: 'unsent',
    why: 'Bun tells the URL that was called, not the one that was not reached: it can not be told from a refused call, and is resent.',
  },
  // What a runtime takes.
  {
    of: ['header-overflow', 'headers-of-64-kib'],
    on: ['bun'],
    outcome: 'answered',
    why: 'Bun takes headers of 1 MiB.',
  },
  {
    of: ['headers-of-64-kib'],
    on: ['node-22', 'node-24', 'node-26'],
    outcome: 'mistake',
    perFault: 1,
    why: 'Node takes 16 KiB.',
  },
  { of: ['bad-port'], on: ['bun'], outcome: 'unsent', why: 'Bun calls every port; here nobody listens.' },
  {
    of: ['url-with-credentials'],
    on: ['bun', 'deno', 'workerd'],
    outcome: 'answered',
    why: 'The runtime takes a user name in the URL; Bun and Deno send it, workerd drops it.',
  },
  { of: ['invalid-method/get'], on: ['bun'], outcome: 'answered', why: 'Bun sends a method that is none as GET.' },
  {
    of: ['forbidden-method'],
    on: ['bun'],
    outcome: 'unclear-method',
    why: 'Bun sends CONNECT, and the server closes the connection.',
  },
  { of: ['relative-url'], on: ['chromium'], outcome: 'answered', why: 'A page has a base URL.' },
  { of: ['redirect-loop'], on: ['bun'], perFault: 127, why: 'Bun follows 126 redirects, not 20.' },
  {
    of: ['redirect-error'],
    on: ['workerd'],
    perFault: 0,
    why: "workerd refuses redirect: 'error' before it sends anything.",
  },
  {
    of: ['source-fails'],
    on: ['bun'],
    outcome: 'failed-source',
    perFault: 1,
    perFaultVaries: true,
    whole: false,
    why: 'Bun throws the error of the stream itself.',
  },
  {
    of: ['source-fails'],
    on: ['workerd'],
    outcome: 'answered',
    whole: false,
    why: 'workerd ends the request as if it were whole when its stream fails: the server gets a part, and nobody is told.',
  },
  {
    of: ['ok/post-stream', 'ok/put-stream', 'stream-without-duplex'],
    on: ['chromium'],
    outcome: 'untold',
    why: 'Chromium sends a stream over HTTP/2 only, and says no more than "Failed to fetch".',
  },
  // HTTP/2.
  {
    of: ['h2-refused-stream', 'h2-internal-error', 'h2-goaway'],
    on: ['node-22', 'node-24', 'bun'],
    outcome: 'answered',
    why: 'It speaks HTTP/1.1 only, over which every step of the server is an answer.',
  },
  {
    of: ['h2-refused-stream/get'],
    on: ['node-26'],
    outcome: 'answered',
    perSuccess: 2,
    why: 'undici itself resends a GET once, as RFC 9113 §8.7 allows.',
  },
  {
    of: ['h2-refused-stream'],
    on: ['deno', 'chromium'],
    outcome: 'answered',
    perSuccess: 2,
    why: 'The runtime itself resends, also a POST, as RFC 9113 §8.7 allows.',
  },
]
