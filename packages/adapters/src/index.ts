export { type AnyFetch, type FetchMiddleware, toFetchMiddleware } from './fetch-middleware.ts'
