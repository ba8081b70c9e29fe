import type { FetchFunction } from '@fetchstack/handler-stack'
import { GoogleGenAI } from '@google/genai'

export function createApi(fetch: FetchFunction, baseUrl: string, apiKey: string) {
  // It resends only with `retryOptions`.
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl, fetch } })
}
