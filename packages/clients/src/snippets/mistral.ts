import type { FetchFunction } from '@fetchstack/handler-stack'
import { HTTPClient, Mistral } from '@mistralai/mistralai'

export function createApi(fetch: FetchFunction, serverURL: string, apiKey: string) {
  // It resends nothing by default.
  return new Mistral({ httpClient: new HTTPClient({ fetcher: fetch }), serverURL, apiKey })
}
