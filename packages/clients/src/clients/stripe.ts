import { Stripe } from 'stripe'
import type { ClientEntry, Operations } from '../contract.ts'
import { createApi } from '../snippets/stripe.ts'

const operations = (api: Stripe): Operations => ({
  get: () => api.customers.retrieve('one'),
  post: (description, { idempotencyKey } = {}) =>
    api.customers.create({ description }, { ...(idempotencyKey && { idempotencyKey }) }),
})

export const stripe: ClientEntry = {
  name: 'stripe',
  package: 'stripe',
  how: '`httpClient: Stripe.createFetchHttpClient(fetch)`. A call has no room for options that it does not know.',
  exchanges: {
    get: { route: 'GET /v1/customers/one', answer: { id: 'one', object: 'customer' } },
    post: {
      route: 'POST /v1/customers',
      answer: { id: 'new', object: 'customer' },
      encode: (text) => encodeURIComponent(text),
    },
  },
  make: ({ fetch, baseUrl, credential = 'unused' }) => operations(createApi(fetch, baseUrl, credential)),
  ownRetry: {
    off: '`maxNetworkRetries: 0`',
    warning: /maxNetworkRetries: 0/,
    leftOn: ({ fetch, baseUrl }) => {
      const { hostname: host, port } = new URL(baseUrl)
      return operations(
        new Stripe('unused', { httpClient: Stripe.createFetchHttpClient(fetch), protocol: 'http', host, port }),
      )
    },
  },
  errors: {
    status: { name: 'StripeAPIError', is: (error) => error instanceof Stripe.errors.StripeAPIError },
    network: {
      name: 'StripeConnectionError',
      is: (error) => error instanceof Stripe.errors.StripeConnectionError,
      trail: { how: '`explain(error.detail)`', of: (error) => (error as { detail?: unknown }).detail },
    },
  },
  perCall: 'withOptions',
  cannot: {
    unsafe: 'There is no POST without a key: it sends an Idempotency-Key of its own making.',
    'status-error': 'Its errors have a copy of the headers, and nothing that leads to the response.',
    abort: 'No call of it takes a signal.',
    stream: 'Only downloads from files.stripe.com are streams.',
  },
  credential: { sent: (credential) => `Bearer ${credential}` },
}
