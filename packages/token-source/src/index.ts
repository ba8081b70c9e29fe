export type {
  Refresh,
  RefreshReason,
  RefreshRequest,
  StoredToken,
  Token,
  TokenSource,
  TokenStore,
  TokenWish,
} from './types.ts'
