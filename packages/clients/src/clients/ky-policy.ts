import { HTTPError, NetworkError } from 'ky'
import type { ClientEntry } from '../contract.ts'
import { createApi } from '../snippets/ky-policy.ts'
import { kyOperations } from './ky.ts'

const NO_TRAIL = "the loop is ky's, so no layer keeps a trail; `kyRetry({ onDecision })` tells each decision."

export const kyPolicy: ClientEntry = {
  name: 'ky-policy',
  package: 'ky',
  how: "Mode B: the policy inside ky's own retry, over a stack without `retry`.",
  make: ({ stack, baseUrl, policy, credential }) => {
    const fetch = stack.remove('retry').remove('total-timeout').toFetch()
    return kyOperations(createApi(fetch, baseUrl, policy), credential)
  },
  ownRetry: { off: 'it is the one that retries, as the policy decides' },
  errors: {
    status: { name: 'HTTPError', is: (error) => error instanceof HTTPError },
    network: { name: 'NetworkError', is: (error) => error instanceof NetworkError },
  },
  perCall: 'call',
  cannot: {
    'status-error': NO_TRAIL,
    'network-error': NO_TRAIL,
    'per-call': "there is no layer `retry` to change; ky's own option does it for one call: `{ retry: 0 }`.",
  },
}
