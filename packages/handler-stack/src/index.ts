export { Call, type CredentialNames, type Key, key, type TrailEntry } from './call.ts'
export type { Finding } from './check.ts'
export { sleep, systemClock } from './clock.ts'
export type {
  BodyFactory,
  BodyInput,
  Clock,
  FetchFunction,
  FetchInput,
  Handler,
  HeadersInput,
  Middleware,
  Replay,
  StackFetch,
  StackInit,
} from './contract.ts'
export {
  type DescribedMiddleware,
  defineMiddleware,
  type MiddlewareInfo,
  type Scope,
  type Want,
} from './describe.ts'
export { BodyNotReplayableError, InvalidUrlError, StackError } from './errors.ts'
export { type FetchHandler, fetchHandler } from './fetch-handler.ts'
export { type FetchWrapper, fromFetchWrapper } from './from-fetch-wrapper.ts'
export { type AnyMiddleware, type CallOptionsOf, type DeclaredName, HandlerStack } from './handler-stack.ts'
export { HttpRequest, type RequestChanges } from './http-request.ts'
export type { AnyStack, Layer, Predicate } from './layer.ts'
export { originOf } from './origin.ts'
export { redactUrl } from './redact.ts'
export { release } from './release.ts'
export { withOptions } from './to-fetch.ts'
