import { createOpenAI } from '@ai-sdk/openai'
import type { FetchFunction } from '@fetchstack/handler-stack'
import { generateText, streamText } from 'ai'

export function createApi(fetch: FetchFunction, baseUrl: string, apiKey: string) {
  const provider = createOpenAI({ fetch, baseURL: `${baseUrl}/v1`, apiKey })
  // The retry is an option of each call: it resends twice by default.
  const defaults = { model: provider.chat('one'), maxRetries: 0 }
  return {
    ask: (options: { prompt: string; headers?: Record<string, string>; abortSignal?: AbortSignal }) =>
      generateText({ ...defaults, ...options }),
    // Errors of a stream are printed unless there is an `onError`.
    tell: (options: { prompt: string }) => streamText({ ...defaults, ...options, onError: () => {} }),
  }
}
