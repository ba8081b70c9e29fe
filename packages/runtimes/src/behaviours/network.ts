import { allForms, get, post, streamForms } from './forms.ts'
import type { Group } from './group.ts'

/** The last step of every script: no connection is kept, so that what is left open is a leak. */
const OK = '200;connection=close'

/** Nothing goes wrong, or only a status says so. */
const answers: readonly Group[] = [
  { name: 'ok', about: 'A 200.', forms: allForms, script: OK },
  { name: 'status-503', about: 'A 503, and another, then a 200.', forms: allForms, script: `503,503,${OK}` },
  {
    name: 'status-429',
    about: 'A 429 with Retry-After: 0, then a 200.',
    forms: [get, post],
    script: `429;retry-after=0,${OK}`,
  },
]

/** The server was never reached. */
const unreached: readonly Group[] = [
  {
    name: 'refused',
    about: 'Nothing listens on the port of an address.',
    forms: allForms,
    url: ({ server }) => server.refusedUrl,
  },
  {
    name: 'refused-by-name',
    about: 'A name with two addresses (localhost), and nothing listens on the port of either.',
    forms: [get, post],
    url: ({ server }) => server.refusedUrl.replace('127.0.0.1', 'localhost'),
  },
  {
    name: 'refused-then-back',
    about: 'Nothing listens at first; at the second attempt the server is back.',
    forms: allForms,
    script: OK,
    url: async ({ server }) => {
      const url = server.script(OK)
      await server.refuse()
      return url
    },
    inner:
      ({ server }) =>
      (next) =>
        async function comeBack(request, call) {
          if (call.attempt > 1) await server.accept()
          return next(request, call)
        },
  },
  {
    name: 'dns-not-found',
    about: 'The name does not exist.',
    forms: allForms,
    url: () => 'http://fetchstack.invalid/',
  },
  {
    name: 'reset-on-accept',
    about: 'The connection is reset as soon as it is made.',
    forms: [get, post],
    url: async ({ server }) => {
      const url = server.script(OK)
      await server.refuse('reset')
      return url
    },
  },
  {
    name: 'no-answer-to-connect',
    about: 'The address does not answer; the time limit of the attempt ends it.',
    forms: [get, post],
    attemptTimeout: 200,
    needs: 'stalledUrl',
    url: ({ stalledUrl }) => stalledUrl!,
  },
  {
    name: 'connect-timeout',
    about: 'The address does not answer, and the runtime stops waiting for a connection.',
    forms: [get],
    maxAttempts: 1,
    attemptTimeout: 13_000,
    totalTimeout: 14_000,
    timeLimit: 20_000,
    needs: 'stalledUrl',
    url: ({ stalledUrl }) => stalledUrl!,
    inapplicable: (runtime) => (runtime.startsWith('node') ? undefined : 'no limit of its own within 13 s'),
  },
]

/** The server was reached, and no answer came. */
const unanswered: readonly Group[] = [
  {
    name: 'reset-before-headers',
    about: 'The server takes the request and resets the connection before it answers.',
    forms: allForms,
    script: `reset,${OK}`,
  },
  {
    name: 'close-before-headers',
    about: 'The server takes the request and closes the connection before it answers.',
    forms: allForms,
    script: `close,${OK}`,
  },
  { name: 'garbage', about: 'What comes back is no HTTP.', forms: allForms, script: `garbage,${OK}` },
  {
    name: 'header-overflow',
    about: 'The headers of the response are larger than the runtime takes: 1 MiB.',
    forms: [get, post],
    script: `huge-headers;bytes=1048576,${OK}`,
  },
  {
    name: 'headers-of-64-kib',
    about: 'The headers of the response have 64 KiB.',
    forms: [get, post],
    script: `huge-headers,${OK}`,
  },
  {
    name: 'stalled-headers',
    about: 'The server takes the request and says nothing; the time limit of the attempt ends it.',
    forms: allForms,
    script: `stall,${OK}`,
    attemptTimeout: 400,
  },
  {
    name: 'attempt-timeout',
    about: 'The same, with AbortSignal.timeout() on a signal of the attempt.',
    forms: [get, post],
    script: `stall,stall,${OK}`,
    inner: () => (next) =>
      function platformTimeout(request, call) {
        return next(call.attempt > 2 ? request : request.with({ signal: AbortSignal.timeout(100) }), call)
      },
  },
]

/** The headers came, and the body did not, or not all of it. */
const brokenBodies: readonly Group[] = [
  {
    name: 'body-reset',
    about: 'The connection is reset after the headers and a part of the body.',
    forms: allForms,
    script: 'reset-body',
  },
  {
    name: 'body-truncated',
    about: 'The connection is closed before as many bytes have come as Content-Length says.',
    forms: allForms,
    script: 'truncate',
  },
  {
    name: 'stalled-body',
    about: 'The body stops in the middle; the time limit of the attempt ends it.',
    forms: [get, post],
    script: 'stall-body',
    attemptTimeout: 400,
  },
  {
    name: 'attempt-timeout-in-body',
    about: 'The same, with AbortSignal.timeout() on a signal of the attempt.',
    forms: [get, post],
    script: 'stall-body',
    inner: () => (next) =>
      function platformTimeout(request, call) {
        return next(request.with({ signal: AbortSignal.timeout(400) }), call)
      },
  },
]

/** A stream that the program gives fails. */
const sources: readonly Group[] = [
  {
    name: 'source-fails',
    about: 'The stream that is sent fails in the middle.',
    forms: streamForms,
    script: OK,
    make: (url, { method }) => [
      url,
      {
        method,
        duplex: 'half',
        body: new ReadableStream({
          pull(controller) {
            controller.error(new Error('disk is gone'))
          },
        }),
      },
    ],
  },
  {
    name: 'factory-stream',
    about: 'A 503, and the stream is made anew for each attempt.',
    forms: streamForms,
    script: `503,${OK}`,
    make: (url, form) => {
      const body = () => form.make(url)[1].body as ReadableStream
      return [url, { method: form.method, duplex: 'half', body }]
    },
  },
]

export const networkGroups: readonly Group[] = [...answers, ...unreached, ...unanswered, ...brokenBodies, ...sources]
