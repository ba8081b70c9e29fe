import type { ClientEntry, Exchange, PostExchange, StreamExchange } from './contract.ts'

export interface Exchanges {
  readonly get: Exchange
  readonly post: PostExchange
  readonly stream: StreamExchange
}

/** What clients without fixed paths send and get. */
export const defaultExchanges: Exchanges = {
  get: { route: 'GET /videos', answer: { videos: ['one', 'two'] } },
  post: { route: 'POST /videos', answer: { id: 'new' } },
  stream: { route: 'GET /events', body: 'data: {"n":1}\n\ndata: {"n":2}\n\ndata: {"n":3}\n\n' },
}

export function exchangesOf({ exchanges }: ClientEntry): Exchanges {
  return { ...defaultExchanges, ...exchanges }
}
