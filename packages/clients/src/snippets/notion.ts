import type { FetchFunction } from '@fetchstack/handler-stack'
import { Client } from '@notionhq/client'

type Options = NonNullable<ConstructorParameters<typeof Client>[0]>

export function createApi(fetch: FetchFunction, options: Options) {
  return new Client({
    // Its own retry resends twice by default; its own timeout is a minute, more than the stack's.
    retry: false,
    ...options,
    // The cast: with the types of Node, the body of a response has one overload more than the client's type knows.
    fetch: fetch as Required<Options>['fetch'],
  })
}
