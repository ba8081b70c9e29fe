import type { Exchange, PostExchange } from '../contract.ts'

/** What the GraphQL clients send: queries by GET, mutations by POST. */
export const VIDEOS = 'query Videos { videos }'
export const ADD_VIDEO = 'mutation AddVideo($title: String!) { addVideo(title: $title) }'
export const TICKS = 'subscription Ticks { tick }'

const videos = { videos: ['one', 'two'] }
const added = { addVideo: 'new' }

export const graphqlExchanges: { readonly get: Exchange; readonly post: PostExchange } = {
  get: { route: 'GET /graphql', answer: { data: videos }, result: videos },
  post: { route: 'POST /graphql', answer: { data: added }, result: added },
}
