import Anthropic from '@anthropic-ai/sdk'
import type { FetchFunction } from '@fetchstack/handler-stack'

export function createApi(fetch: FetchFunction, baseURL: string, apiKey: string) {
  // Its own retry resends twice by default; its own timeout is 10 minutes, more than the stack's.
  return new Anthropic({ fetch, baseURL, apiKey, maxRetries: 0 })
}
