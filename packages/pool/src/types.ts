import type { FetchFunction, FetchInput } from '@fetchstack/handler-stack'

/** One request: what `fetch` takes first, both of its arguments, or a function that starts it. */
export type PoolRequest =
  | FetchInput
  | readonly [input: FetchInput, init?: Parameters<FetchFunction>[1]]
  | ((fetch: FetchFunction, signal: AbortSignal) => Promise<Response>)

/** What came of one request. */
export type PoolResult<Request = PoolRequest> = {
  /** Its place among the requests, counted from 0. */
  readonly index: number
  readonly request: Request
} & (
  | { readonly status: 'fulfilled'; readonly value: Response }
  /** `reason` is what its fetch rejected with. */
  | { readonly status: 'rejected'; readonly reason: unknown }
)

/** Options of `batch`. */
export interface BatchOptions {
  /** How many requests are under way at once. Default 25, as in Guzzle. */
  readonly concurrency?: number
  /** Ends all of it: what is under way is aborted, nothing more is started, and the call rejects with the signal's reason. Default: none. */
  readonly signal?: AbortSignal
}

/** Options of `pool`. */
export interface PoolOptions extends BatchOptions {
  /** `request`: results come in the order of the requests. `settled`: each as soon as it is there. Default `'request'`. */
  readonly order?: 'request' | 'settled'
  /**
   * How many requests may be ahead of what was taken, those under way included: at least `concurrency`. Default: `concurrency`.
   * So a consumer that is slow slows the requests down, and unread responses hold at most so many connections.
   */
  readonly ahead?: number
}
