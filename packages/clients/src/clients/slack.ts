import { LogLevel, retryPolicies, WebAPIHTTPError, WebAPIRequestError, WebClient } from '@slack/web-api'
import type { ClientEntry, Operations } from '../contract.ts'
import { requestHeaders } from '../request-headers.ts'
import { createApi } from '../snippets/slack.ts'

// It prints every failed request.
const logLevel = LogLevel.ERROR

const operations = (api: (idempotencyKey?: string) => WebClient): Operations => ({
  get: async () => ({ ok: (await api('get').auth.test()).ok }),
  post: async (text, { idempotencyKey } = {}) => {
    const { ok } = await api(idempotencyKey).apiCall('chat.postMessage', { channel: 'one', text })
    return { ok }
  },
})

export const slack: ClientEntry = {
  name: 'slack',
  package: '@slack/web-api',
  how: '`new WebClient(token, { fetch })`. A call has no room for options that it does not know. It sends no GET: in its place stands a POST with an Idempotency-Key, which is a header of the client.',
  exchanges: {
    get: { route: 'POST /auth.test', answer: { ok: true } },
    post: {
      route: 'POST /chat.postMessage',
      answer: { ok: true },
      encode: (text) => encodeURIComponent(text),
    },
  },
  make: ({ fetch, baseUrl, credential = 'unused' }) =>
    operations((idempotencyKey) => {
      const headers = requestHeaders(undefined, idempotencyKey)
      return createApi(fetch, credential, { slackApiUrl: `${baseUrl}/`, headers, logLevel })
    }),
  ownRetry: {
    off: '`retryConfig: { retries: 0 }, rejectRateLimitedCalls: true`',
    leftOn: ({ fetch, baseUrl }) => {
      // The default policy takes half an hour; this one is Slack's too, without its waits.
      const retryConfig = retryPolicies.rapidRetryPolicy
      const api = new WebClient('unused', { fetch, slackApiUrl: `${baseUrl}/`, retryConfig, logLevel })
      return operations(() => api)
    },
  },
  errors: {
    status: { name: 'WebAPIHTTPError', is: (error) => error instanceof WebAPIHTTPError },
    network: { name: 'WebAPIRequestError', is: (error) => error instanceof WebAPIRequestError },
  },
  perCall: 'withOptions',
  cannot: {
    'status-error': '`WebAPIHTTPError` has a copy of the headers, and nothing that leads to the response.',
    abort: 'No call of it takes a signal.',
    stream: 'It reads no streams.',
  },
  credential: { sent: (credential) => `Bearer ${credential}` },
}
