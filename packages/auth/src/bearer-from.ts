import { type Clock, type HttpRequest, sleep, systemClock } from '@fetchstack/handler-stack'
import { checkFunction, checkNumber, checkOptions, OptionError } from '@fetchstack/options'
import { Secret, type SecretProvider } from '@fetchstack/secret'
import type { Token, TokenSource } from '@fetchstack/token-source'
import { auth } from './auth.ts'
import { AuthError } from './errors.ts'
import type { AuthMiddleware } from './layer.ts'
import type { SchemeOptions } from './options.ts'
import type { AuthContext, AuthScheme } from './scheme.ts'

/** Options of {@link bearerFromScheme}. */
export interface SettleOptions {
  /**
   * For how long a new token may be refused because not every server knows it yet, in milliseconds. Until then a 401 is answered
   * with the same token, after 250 ms, 500 ms, and so on. Default 0: a 401 asks for a new token at once.
   */
  readonly settle?: number
  /** Default `systemClock`. */
  readonly clock?: Clock
}

/** Options of {@link bearerFrom}. */
export interface BearerFromOptions extends SettleOptions, Omit<SchemeOptions, 'clock'> {
  /** Default 3, and 8 with `settle`. */
  readonly maxRounds?: number
}

/** What both kinds of sources come down to. */
type Source = Pick<TokenSource, 'get' | 'replace'>

const FIRST_WAIT = 250

/**
 * Sends the token of a source as `authorization: Bearer <token>` (RFC 6750), and gets a new one when the server refuses it:
 * - A 401, with a challenge or without, asks the source to replace that very token, once; if another comes back, the request is sent
 *   again with it. Otherwise the 401 stands.
 * - A 401 or 403 with `insufficient_scope` and a `scope` (RFC 6750 §3.1) asks for a token with that scope, once.
 *
 * For a token that is known, or a function without a second chance, `bearer` is smaller.
 *
 * @param source - A token source: one that is shared refreshes once, however many requests are refused. Or a function, which is
 * asked for every request, with the reason `initial`, and with the reason `rejected` and the token after a 401.
 * @throws {OptionError} When it is made: the source or an option can't be used.
 * @throws {AuthError} As a rejection of the call: see `AuthErrorKind`.
 * @example
 * ```ts
 * import { bearerFrom } from '@fetchstack/auth'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 *
 * const read = async (fresh: boolean) => (fresh ? 'from the vault' : 'from the cache')
 * const api = HandlerStack.create()
 *   .push(bearerFrom(({ reason }) => read(reason === 'rejected'), { origins: 'https://api.example.com' }))
 *   .toFetch()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function bearerFrom(source: TokenSource | SecretProvider, options: BearerFromOptions): AuthMiddleware {
  const { settle, ...rest } = Object(options) as BearerFromOptions
  const { clock = systemClock, maxRounds = settle === undefined ? 3 : 8 } = rest
  const scheme = bearerFromScheme(source, settle === undefined ? { clock } : { clock, settle })
  return auth(scheme, Object(options) === options ? { ...rest, maxRounds } : options)
}

/** The scheme of {@link bearerFrom}, for `auth`. */
// @__NO_SIDE_EFFECTS__
export function bearerFromScheme(source: TokenSource | SecretProvider, options: SettleOptions = {}): AuthScheme {
  const name = 'bearer'
  checkOptions(name, options, ['settle', 'clock'])
  const { settle = 0, clock = systemClock } = options
  checkNumber(name, 'settle', settle, { unit: 'milliseconds' })
  checkFunction(name, 'clock.now', clock?.now)
  const { get, replace } = typeof source === 'function' ? asking(source, clock) : checkSource(source)

  return {
    name,
    writes: { headers: ['authorization'] },
    async *flow(request, context) {
      const { signal, record } = context
      const write = (token: Token): HttpRequest =>
        request.withHeader('authorization', `Bearer ${textOf(token, request)}`)
      const fail = (cause: unknown): never => {
        const { code } = Object(cause) as { code?: unknown }
        const why = typeof code === 'string' && /^\w{1,50}$/.test(code) ? ` (${code})` : ''
        throw new AuthError('PROVIDER', name, request, `the source of the token failed${why}.`, { cause })
      }
      let token = await get({ signal }).catch(fail)
      let response = yield write(token)
      const tried = new Set<string>()
      for (let wait = FIRST_WAIT; ; wait *= 2) {
        if (response.status === 401 && clock.now() - token.issuedAt + wait < settle) {
          await sleep(clock, wait, signal)
        } else {
          const scope = scopeOf(response, context)
          const why = scope !== undefined ? 'scope' : response.status === 401 ? 'rejected' : undefined
          if (why === undefined || tried.has(why)) return
          tried.add(why)
          record(why)
          // A token that lacks a scope is good for all else: given as rejected, nobody could use it while the wider one can't be had.
          // A function can't be asked for a scope.
          const wider = (): Promise<Token> =>
            typeof source === 'function' ? Promise.resolve(token) : get({ signal, scope })
          const newer = await (scope === undefined ? replace(token, { signal }) : wider()).catch(fail)
          if (textOf(newer, request) === textOf(token, request)) return
          record('refreshed')
          token = newer
        }
        response = yield write(token)
      }
    },
  }
}

function checkSource(source: TokenSource): Source {
  const { get, replace } = Object(source) as Partial<TokenSource>
  if (typeof get !== 'function' || typeof replace !== 'function') {
    throw new OptionError(
      'bearer',
      'source',
      'source must be a token source, with get and replace, or a function. For a token that is known, use bearer.',
    )
  }
  // Async, so that what they throw at once is a rejection too; with their own `this`.
  return {
    get: async (wish) => source.get(wish),
    replace: async (rejected, wish) => source.replace(rejected, wish),
  }
}

/** A function as a source: it remembers, or nothing does. */
function asking(provider: SecretProvider, clock: Pick<Clock, 'now'>): Source {
  const token = (given: string | Secret): Token => ({
    value: typeof given === 'string' ? Secret.of(given) : given,
    type: 'Bearer',
    issuedAt: clock.now(),
  })
  return {
    get: async ({ signal } = {}) => token(await provider({ reason: 'initial', signal })),
    replace: async (rejected, { signal } = {}) =>
      token(await provider({ reason: 'rejected', previous: rejected.value, signal })),
  }
}

/** @throws {AuthError} It can't be sent as a bearer token. */
function textOf(token: Token, request: HttpRequest): string {
  const { type = 'Bearer', value } = Object(token) as Partial<Token>
  const text: unknown = typeof value?.reveal === 'function' ? value.reveal() : value
  if (typeof text !== 'string' || !/^[!-~]+$/.test(text)) {
    const problem = `token must be a string of visible ASCII characters; this ${typeof text} is not.`
    throw new AuthError('SECRET', 'bearer', request, problem)
  }
  if (type.toLowerCase() !== 'bearer') {
    const shown = /^[\w-]{1,20}$/.test(type) ? ` ${type}` : ''
    throw new AuthError('TOKEN_TYPE', 'bearer', request, `a token of the type${shown} can't be sent as Bearer.`)
  }
  return text
}

/** The scope that a server misses. What is no list of scopes (RFC 6749 §3.3) is passed over: it would go into a request. */
function scopeOf(response: Response, { challenges }: AuthContext): string | undefined {
  if (response.status !== 401 && response.status !== 403) return undefined
  const { scope } =
    challenges(response).find(({ scheme, params }) => scheme === 'bearer' && params['error'] === 'insufficient_scope')
      ?.params ?? {}
  return scope !== undefined && /^[!#-[\]-~]+( [!#-[\]-~]+)*$/.test(scope) ? scope : undefined
}
