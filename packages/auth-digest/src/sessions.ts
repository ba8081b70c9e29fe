import { hex } from './byte-string.ts'
import type { DigestChallenge } from './challenge.ts'
import type { SessionStart } from './credentials.ts'

/** A nonce that may be used again. */
export interface Session {
  readonly challenge: DigestChallenge
  readonly nonce: string
  readonly start: SessionStart
  /** How often its nonce was used. Shared by all that have this nonce of this origin. */
  readonly used: { count: number }
}

/** The sessions of one user: by origin and realm, which together are a protection space (RFC 9110 §11.5). */
export interface Sessions {
  /** The one that this request belongs to: of the longest path of a `domain`, the latest one. */
  find(origin: string, uri: string): Session | undefined
  /** A new one, not yet found by others; `from`: with the same key. */
  begin(origin: string, challenge: DigestChallenge, nonce: string, from?: Session): Session
  /** From now on it is found. */
  keep(origin: string, session: Session): void
  /** It is not found any more, unless another has taken its place. */
  drop(origin: string, session: Session): void
}

// Servers decide how many there are.
const MOST_ORIGINS = 1000
const MOST_NONCES = 1000
const MOST_REALMS = 10
const MOST_USES = 0xffff_ffff

/** Makes a place for sessions. All of it is bounded; what was used longest ago goes first. */
export function makeSessions(): Sessions {
  const origins = new Map<string, Map<string, Session>>()
  // Apart from the sessions: two calls may get one nonce in two challenges, and a count may not be used twice.
  const nonces = new Map<string, Session['used']>()

  return {
    find(origin, uri) {
      const realms = origins.get(origin)
      let [found, best] = [undefined as Session | undefined, -1]
      for (const session of realms?.values() ?? []) {
        const fits = session.challenge.paths.filter((path) => uri.startsWith(path)).map((path) => path.length)
        const length = Math.max(-1, ...fits)
        if (length < 0 || length < best || session.used.count >= MOST_USES) continue
        found = session
        best = length
      }
      if (found !== undefined) {
        remember(origins, origin, realms!, MOST_ORIGINS)
        remember(realms!, found.challenge.realm, found, MOST_REALMS)
      }
      return found
    },
    begin(origin, challenge, nonce, from) {
      const key = `${origin} ${nonce}`
      const used = nonces.get(key) ?? { count: 0 }
      remember(nonces, key, used, MOST_NONCES)
      return { challenge, nonce, start: from?.start ?? { nonce, cnonce: makeCnonce() }, used }
    },
    keep(origin, session) {
      const realms = origins.get(origin) ?? new Map<string, Session>()
      remember(realms, session.challenge.realm, session, MOST_REALMS)
      remember(origins, origin, realms, MOST_ORIGINS)
    },
    drop(origin, session) {
      const realms = origins.get(origin)
      const { realm } = session.challenge
      if (realms?.get(realm) === session) realms.delete(realm)
    },
  }
}

/** 128 bits, which nobody can guess. */
export function makeCnonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => hex(byte, 2)).join('')
}

function remember<V>(map: Map<string, V>, key: string, value: V, max: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > max) map.delete(map.keys().next().value!)
}
