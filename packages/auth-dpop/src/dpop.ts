import { type AuthContext, AuthError, type AuthScheme } from '@fetchstack/auth'
import type { HttpRequest } from '@fetchstack/handler-stack'
import { checkNumber, checkOptions, OptionError } from '@fetchstack/options'
import type { Token, TokenSource } from '@fetchstack/token-source'
import { nonceCache } from './nonces.ts'
import { prover } from './proof.ts'

/** Options of {@link dpop}. */
export interface DPoPOptions {
  /** For how many servers the last nonce is remembered. Default 1,000. */
  readonly maxOrigins?: number
}

const name = 'dpop'

/**
 * Sends the token of a source as `authorization: DPoP <token>`, with a proof in `dpop` that the sender has the key that the token is
 * bound to (RFC 9449). Each request on the wire has a proof of its own: for its method, its URL without the query, the token, the
 * time and the server's last nonce. A stolen request is worth nothing without the key.
 *
 * - A nonce is learnt from every response. A 401 with `use_dpop_nonce` is answered once, and only if it has another nonce.
 * - A 401 with `invalid_dpop_proof` is answered once if the server's `Date` is more than 30 s away, with the server's time.
 * - Any other 401 that asks for DPoP has the source replace that very token, once; for `insufficient_scope` with
 * a scope it is asked for that, once, too.
 * - A 401 that does not ask for DPoP stands. The token is never sent in another way.
 *
 * @param key - The key that the tokens are bound to, as `dpopKey()` makes it.
 * @param source - Gives tokens of the type `DPoP`: `oauth({ ..., dpop: key })` of `@fetchstack/auth-oauth`.
 * @throws {OptionError} When it is made: the key, the source or an option can't be used.
 * @throws {AuthError} As a rejection of the call. `PROVIDER`: the source failed. `TOKEN_TYPE`: it gave a token that is not bound to
 * a key. `SECRET`: its token can't be sent.
 * @example
 * ```ts
 * import { auth } from '@fetchstack/auth'
 * import { dpop, dpopKey } from '@fetchstack/auth-dpop'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { makeToken, tokenSource } from '@fetchstack/token-source'
 *
 * const key = await dpopKey()
 * const source = tokenSource(async () => makeToken({ value: 'eyJhbGciOi', type: 'DPoP' }))
 * const api = HandlerStack.create()
 *   .push(auth(dpop(key, source), { origins: 'https://api.example.com' }))
 *   .toFetch()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function dpop(key: CryptoKeyPair, source: TokenSource, options: DPoPOptions = {}): AuthScheme {
  const prove = prover(name, key)
  const { get, replace } = Object(source) as Partial<TokenSource>
  if (typeof get !== 'function' || typeof replace !== 'function') {
    throw new OptionError(name, 'source', 'source must be a token source, with get and replace.')
  }
  checkOptions(name, options, ['maxOrigins'])
  const { maxOrigins = 1000 } = options
  checkNumber(name, 'maxOrigins', maxOrigins, { min: 1, integer: true })
  const nonces = nonceCache(maxOrigins)

  return {
    name,
    writes: { headers: ['authorization', 'dpop'] },
    binds: ['method', 'url', 'time', 'once'],
    async *flow(request, context) {
      const { origin, signal, time, record } = context
      const { method, url } = request
      const fail = (cause: unknown): never => {
        const { code } = Object(cause) as { code?: unknown }
        const why = typeof code === 'string' && /^\w{1,50}$/.test(code) ? ` (${code})` : ''
        throw new AuthError('PROVIDER', name, request, `the source of the token failed${why}.`, { cause })
      }
      // Async, so that what it throws at once is a rejection too.
      let token = await (async () => source.get({ signal }))().catch(fail)
      const tried = new Set<string>()
      for (;;) {
        const text = textOf(token, request)
        const nonce = nonces.get(origin)
        const proof = await prove({ method, url, now: time.now(), token: text, nonce })
        const response = yield request.withHeader('authorization', `DPoP ${text}`).withHeader('dpop', proof)
        const given = nonces.learn(origin, response)
        const { why, scope } = refusalOf(response, context)
        if (why === undefined || tried.has(why)) return
        if (why === 'nonce' && (given === undefined || given === nonce)) return
        if (why === 'time' && !time.correct(response)) return
        tried.add(why)
        record(why)
        if (why === 'nonce' || why === 'time') continue
        const rejected = token
        // A token that lacks a scope is good for all else: given as rejected, nobody could use it while the wider one can't be had.
        const ask = async (): Promise<Token> =>
          why === 'scope' ? source.get({ signal, scope }) : source.replace(rejected, { signal })
        token = await ask().catch(fail)
        if (textOf(token, request) === text) return
        record('refreshed')
      }
    },
  }
}

/** What a response refuses, as far as it can be answered. */
function refusalOf(
  response: Response,
  { challenges }: AuthContext,
): { readonly why?: 'nonce' | 'time' | 'rejected' | 'scope'; readonly scope?: string } {
  if (response.status !== 401 && response.status !== 403) return {}
  const { error, scope } = challenges(response).find(({ scheme }) => scheme === name)?.params ?? { error: 'none' }
  // What is no list of scopes (RFC 6749 §3.3) is passed over: it would go into a request.
  if (error === 'insufficient_scope') {
    return scope !== undefined && /^[!#-[\]-~]+( [!#-[\]-~]+)*$/.test(scope) ? { why: 'scope', scope } : {}
  }
  if (response.status === 403) return {}
  if (error === 'use_dpop_nonce') return { why: 'nonce' }
  if (error === 'invalid_dpop_proof') return { why: 'time' }
  return error === undefined || error === 'invalid_token' ? { why: 'rejected' } : {}
}

/** @throws {AuthError} It can't be sent with a proof. */
function textOf(token: Token, request: HttpRequest): string {
  const { type, value } = Object(token) as Partial<Token>
  const text: unknown = typeof value?.reveal === 'function' ? value.reveal() : value
  if (typeof text !== 'string' || !/^[!-~]+$/.test(text)) {
    const problem = `token must be a string of visible ASCII characters; this ${typeof text} is not.`
    throw new AuthError('SECRET', name, request, problem)
  }
  if (type?.toLowerCase() !== 'dpop') {
    const shown = type !== undefined && /^[\w-]{1,20}$/.test(type) ? ` ${type}` : ''
    throw new AuthError('TOKEN_TYPE', name, request, `a token of the type${shown} is not bound to the key.`)
  }
  return text
}
