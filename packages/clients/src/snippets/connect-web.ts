import { createConnectTransport } from '@connectrpc/connect-web'
import type { FetchFunction } from '@fetchstack/handler-stack'

export function createTransport(fetch: FetchFunction, baseUrl: string) {
  // For `createClient(Service, transport)`. It has no retry. With `useHttpGet`, methods without side effects are sent by GET, which
  // the stack repeats; the others only with a header `idempotency-key`.
  return createConnectTransport({ baseUrl, fetch, useHttpGet: true })
}
