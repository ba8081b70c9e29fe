import type { FetchFunction, FetchInput } from '@fetchstack/handler-stack'
import { createTRPCClient, type HTTPHeaders, httpBatchStreamLink, httpLink, splitLink } from '@trpc/client'
import type { AppRouter } from '../clients/trpc-router.ts' // the type of your server's router

/** A call gives headers, or asks for a stream, in its `context`. */
export function createApi(fetch: FetchFunction, url: string) {
  // Needed with `exactOptionalPropertyTypes` only: tRPC's type of `init` allows an `undefined` signal, that of fetch does not.
  const send: (input: FetchInput, init?: object) => Promise<Response> = fetch
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ context }) => context['stream'] === true,
        true: httpBatchStreamLink({ url, fetch: send }),
        false: httpLink({ url, fetch: send, headers: ({ op }) => (op.context['headers'] ?? {}) as HTTPHeaders }),
      }),
    ],
  })
}
