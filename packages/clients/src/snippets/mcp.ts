import type { FetchFunction } from '@fetchstack/handler-stack'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

export function createTransport(fetch: FetchFunction, url: string, requestInit?: RequestInit) {
  // For `client.connect(transport)`. It has no retry for calls; it opens a lost stream of events again.
  return new StreamableHTTPClientTransport(new URL(url), { fetch, ...(requestInit && { requestInit }) })
}
