import { extended, hex, quoted, utf8 } from './byte-string.ts'
import type { DigestChallenge, Qop } from './challenge.ts'

/** The nonces that a session began with: its key stays when the nonce changes (RFC 7616 §3.4.2). */
export interface SessionStart {
  readonly nonce: string
  readonly cnonce: string
}

/** All that credentials are made of. */
export interface Ingredients {
  readonly challenge: DigestChallenge
  readonly user: string
  readonly password: string
  readonly method: string
  /** Path and query, as sent. */
  readonly uri: string
  readonly qop: Qop
  /** What is sent; for `auth-int`. */
  readonly body?: Uint8Array | undefined
  readonly nonce: string
  readonly cnonce: string
  /** How often the nonce was used, this time included. */
  readonly count: number
  readonly start: SessionStart
}

/** What is sent, and what the server's own proof must be. */
export interface Credentials {
  /** The value of `Authorization`. */
  readonly header: string
  /** `rspauth` of an answer with this qop; `undefined` for `auth-int`: it is made of the body as it was before any decoding. */
  readonly rspauth: (qop: Qop) => string | undefined
}

/** RFC 7616 §3.4. */
export function credentialsOf(ingredients: Ingredients): Credentials {
  const { challenge, password, method, uri, qop, body = new Uint8Array(), nonce, cnonce, count, start } = ingredients
  const { realm, opaque, algorithm, userhash } = challenge
  const { hash } = algorithm
  const user = utf8(ingredients.user)
  const nc = hex(count, 8)
  let key = hash(`${user}:${realm}:${utf8(password)}`)
  if (algorithm.sess) key = hash(`${key}:${start.nonce}:${start.cnonce}`)
  const prove = (qop: Qop, what: string): string =>
    hash([key, nonce, ...(qop === undefined ? [] : [nc, cnonce, qop]), hash(what)].join(':'))

  const parameters = [
    ['realm', quoted(realm)],
    ['nonce', quoted(nonce)],
    ['uri', quoted(uri)],
    ['algorithm', algorithm.name],
    ['response', quoted(prove(qop, `${method}:${uri}${qop === 'auth-int' ? `:${hash(body)}` : ''}`))],
    ['opaque', opaque === undefined ? undefined : quoted(opaque)],
    ...(qop === undefined
      ? []
      : [
          ['qop', qop],
          ['nc', nc],
          ['cnonce', quoted(cnonce)],
        ]),
    ['userhash', userhash ? 'true' : undefined],
  ]
  const written = parameters.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${value}`)
  return {
    header: `Digest ${[nameOf(user, challenge), ...written].join(', ')}`,
    rspauth: (qop) => (qop === 'auth-int' ? undefined : prove(qop, `:${uri}`)),
  }
}

/**
 * RFC 7616 §3.4, §3.4.4: hashed where the server wants it, `username*` for what is not ASCII. Servers of before 2015, with MD5 and
 * no charset, don't know that: they get the bytes in quotes, as curl and the browsers do it.
 */
function nameOf(user: string, { algorithm, realm, userhash, utf8 }: DigestChallenge): string {
  if (userhash) return `username=${quoted(algorithm.hash(`${user}:${realm}`))}`
  const modern = utf8 || algorithm.strength > 0
  return modern && /[^ -~]/.test(user) ? `username*=${extended(user)}` : `username=${quoted(user)}`
}
