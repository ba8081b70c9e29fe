/** The last nonce of each server. */
export interface Nonces {
  get(origin: string): string | undefined
  /** Remembers the nonce of a response, and gives it; `undefined` when it has none. */
  learn(origin: string, response: Response): string | undefined
}

/** @param max - How many servers; of more, those that were not asked for the longest time are forgotten. */
export function nonceCache(max: number): Nonces {
  const known = new Map<string, string>()
  const set = (origin: string, nonce: string): void => {
    known.delete(origin)
    known.set(origin, nonce)
    if (known.size > max) known.delete(known.keys().next().value!)
  }
  return {
    get(origin) {
      const nonce = known.get(origin)
      if (nonce !== undefined) set(origin, nonce)
      return nonce
    },
    learn(origin, { headers }) {
      const nonce = headers.get('dpop-nonce')
      // RFC 9449 §8.1: NQCHAR. Two headers are joined by a comma and a space, and are none. The length keeps it bounded.
      if (nonce === null || !/^[!#-[\]-~]{1,2048}$/.test(nonce)) return undefined
      set(origin, nonce)
      return nonce
    },
  }
}
