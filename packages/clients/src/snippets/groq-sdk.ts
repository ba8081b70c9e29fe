import type { FetchFunction } from '@fetchstack/handler-stack'
import Groq from 'groq-sdk'

export function createApi(fetch: FetchFunction, baseURL: string, apiKey: string) {
  // Its own retry resends twice by default; its own timeout is a minute, more than the stack's.
  return new Groq({ fetch, baseURL, apiKey, maxRetries: 0 })
}
