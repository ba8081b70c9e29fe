import { allForms, get, post } from './forms.ts'
import type { Group, Running } from './group.ts'

/** Waits for the server to have the request, so that the abort comes while it is under way. */
async function onceReceived({ context: { server } }: Running): Promise<void> {
  let { requests } = await server.until({ requests: 1 }, 5_000)
  // A stream comes after its headers.
  for (let looks = 0; requests[0]?.complete === false && looks < 250; looks++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    requests = (await server.look()).requests
  }
}

const STALL = 'stall,200;connection=close'
const STALL_BODY = 'stall-body'

export const abortGroups: readonly Group[] = [
  {
    name: 'abort-before',
    about: 'The signal is aborted before the call.',
    forms: allForms,
    before: ({ abort }) => abort(),
  },
  {
    name: 'abort',
    about: 'The caller aborts before the headers, with no reason given.',
    forms: allForms,
    script: STALL,
    meanwhile: async (running) => {
      await onceReceived(running)
      running.abort()
    },
  },
  {
    name: 'abort-with-reason',
    about:
      "The caller aborts with a reason of its own: new TypeError('fetch failed'), which looks like a failure of the network.",
    forms: [get, post],
    script: STALL,
    meanwhile: async (running) => {
      await onceReceived(running)
      running.abort(new TypeError('fetch failed'))
    },
  },
  {
    name: 'abort-in-body',
    about: 'The caller aborts while the body comes, with no reason given.',
    forms: [get, post],
    script: STALL_BODY,
    beforeBody: async (running) => {
      setTimeout(() => running.abort(), 20)
    },
  },
  {
    name: 'abort-in-wait',
    about: 'The caller aborts during the wait for the next attempt.',
    forms: allForms,
    script: '503,200;connection=close',
    wait: 9_000,
    meanwhile: async (running) => {
      await running.context.server.until({ requests: 1, activeRequests: 0 }, 5_000)
      setTimeout(() => running.abort(), 30)
    },
  },
  {
    name: 'call-timeout',
    about: 'The server says nothing; the time limit of the whole call ends it.',
    forms: [get, post],
    script: STALL,
    totalTimeout: 300,
  },
  {
    name: 'call-timeout-in-wait',
    about: 'The next attempt could only begin after the time limit of the whole call.',
    forms: [get, post],
    script: '503,200;connection=close',
    wait: 5_000,
    totalTimeout: 2_000,
  },
  {
    name: 'call-timeout-in-body',
    about: 'The body stops in the middle; the time limit of the whole call ends it.',
    forms: [get, post],
    script: STALL_BODY,
    totalTimeout: 400,
  },
]
