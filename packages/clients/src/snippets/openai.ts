import type { FetchFunction } from '@fetchstack/handler-stack'
import OpenAI from 'openai'

export function createApi(fetch: FetchFunction, baseUrl: string, apiKey: string) {
  // Its own retry resends twice by default; its own timeout is 10 minutes, more than the stack's.
  return new OpenAI({ fetch, baseURL: `${baseUrl}/v1`, apiKey, maxRetries: 0 })
}
