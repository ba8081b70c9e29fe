export { isTokenError, TokenError, type TokenErrorKind } from './errors.ts'
export { memoryStore } from './memory.ts'
export type { TokenEvent, TokenSourceOptions } from './options.ts'
export { isTerminal } from './terminal.ts'
export { decodeToken, encodeToken, makeToken, type TokenFields } from './token.ts'
export { type ResettableTokenSource, tokenSource } from './token-source.ts'
export { type TokenSourcesOptions, tokenSources } from './token-sources.ts'
export type {
  LockBounds,
  Refresh,
  RefreshReason,
  RefreshRequest,
  StoredToken,
  Token,
  TokenLock,
  TokenSource,
  TokenStore,
  TokenWish,
} from './types.ts'
