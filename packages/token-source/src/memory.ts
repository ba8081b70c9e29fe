import type { StoredToken, Token, TokenStore } from './types.ts'

/**
 * A store in memory: what a source has when it is given none, and a stand-in for a shared one in tests. It has no lock.
 *
 * @param token - What is stored at first. Default nothing.
 * @example
 * ```ts
 * import { makeToken, memoryStore, tokenSource } from '@fetchstack/token-source'
 *
 * const store = memoryStore(makeToken({ value: 'eyJhbGciOi', refreshToken: 'tGzv3JOkF0' }))
 * const source = tokenSource(async () => makeToken({ value: 'eyJraWQiOi' }), { store })
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function memoryStore(token?: Token): TokenStore {
  let stored: StoredToken | undefined = token && { token, version: '0' }
  return {
    load: async () => stored,
    compareAndSet: async (version, next) => {
      if (stored !== undefined && stored.version !== version) return { won: false, stored }
      stored = { token: next, version: String(Number(stored?.version ?? 0) + 1) }
      return { won: true, stored }
    },
  }
}
