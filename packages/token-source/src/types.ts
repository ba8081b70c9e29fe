import type { Secret } from '@fetchstack/secret'

/** An access token. Immutable: what is handed to one caller can't be changed by another. */
export interface Token {
  readonly value: Secret
  /** `Bearer`, `DPoP`: how it is to be sent (RFC 6749 §7.1). Default of what makes tokens: `Bearer`. */
  readonly type: string
  /** When it ends, in milliseconds since the epoch; `undefined`: it is not known. */
  readonly expiresAt?: number
  /** When it was received, in milliseconds since the epoch. */
  readonly issuedAt: number
  readonly refreshToken?: Secret
  /** Scopes, with spaces between them. */
  readonly scope?: string
}

/** Why a new token is wanted. */
export type RefreshReason = 'missing' | 'stale' | 'expired' | 'rejected' | 'scope'

/** What a refresh is told. */
export interface RefreshRequest {
  readonly reason: RefreshReason
  /** What it replaces, refresh token and all; `undefined` for the first. */
  readonly current: Token | undefined
  /** The scope that a server asked for with `insufficient_scope`. */
  readonly scope?: string | undefined
  /** Aborts when the flight takes longer than it may; never because one of the callers went away. */
  readonly signal: AbortSignal
}

/** Gets a new token from whoever issues it. What it throws reaches all who wait. */
export type Refresh = (request: RefreshRequest) => Promise<Token>

/** What a caller may say when it asks for a token. */
export interface TokenWish {
  /** Ends this caller's wait, and nobody else's. */
  readonly signal?: AbortSignal | undefined
  /** The scope that is needed, where a server said so. */
  readonly scope?: string | undefined
}

/** Gives the current token, and a new one when it has to. Structural, so that anybody can make one. */
export interface TokenSource {
  /** The current token, refreshed first where it is missing or too old. */
  get(wish?: TokenWish): Promise<Token>
  /** After a 401: refreshes only if `rejected` is still the current token; otherwise gives the newer one. */
  replace(rejected: Token, wish?: TokenWish): Promise<Token>
  /** The current token without asking anybody; it may have ended. */
  peek(): Token | undefined
}

/** Where a token outlives the process, or is shared by several. What is stored holds secrets in clear text. */
export interface TokenStore {
  load(): Promise<StoredToken | undefined>
  /**
   * Writes `next` only if what is stored is still at `version` (`undefined`: nothing is stored). Gives what is stored now and
   * whether it is ours: whoever loses the race takes the winner's token. This is what keeps a rotated refresh token from being
   * lost or replayed.
   */
  compareAndSet(
    version: string | undefined,
    next: Token,
  ): Promise<{ readonly won: boolean; readonly stored: StoredToken }>
  /**
   * Keeps the others who share this store from refreshing at the same time. Without it two of them can send the same refresh
   * token, which a server with reuse detection answers by revoking both.
   */
  readonly lock?: TokenLock
}

/** A token with the version it is stored at. */
export interface StoredToken {
  readonly token: Token
  readonly version: string
}

/** Runs `work` while nobody else does, and settles as it does. Rejects when `bounds.signal` aborts before it is its turn. */
export type TokenLock = <T>(work: () => Promise<T>, bounds: LockBounds) => Promise<T>

/** How long a lock may be waited for and held. */
export interface LockBounds {
  /** Aborts when the wait has to end. */
  readonly signal: AbortSignal
  /** Milliseconds after which a lock counts as left behind by a process that died. `work` is cut off before that. */
  readonly lease: number
}
