import { systemClock } from '@fetchstack/handler-stack'
import { checkFunction, checkNumber, checkOneOf, OptionError } from '@fetchstack/options'
import { type Choice, choose, namesOf } from './choose.ts'
import { authorising, flowing } from './flow.ts'
import { type AuthMiddleware, authLayer } from './layer.ts'
import type { SchemeOptions } from './options.ts'
import { hasParameter } from './query.ts'
import { redirectGuard } from './redirect.ts'
import type { AuthScheme } from './scheme.ts'

/**
 * Makes a middleware of any scheme. A scheme is asked anew for every attempt, and only for requests to the origins that are named.
 *
 * Of several, **strongest first**, the server's challenge chooses: the first request to an origin goes without, the first scheme of
 * the list that the 401 offers answers it, and further requests to that origin have it at once. Later only a stronger one takes its
 * place; a challenge that offers only weaker ones is not answered (see `unanswered`).
 *
 * A flow sends at most `maxRounds` requests; after that, or when the body can't be sent again, the last response stands, and the
 * trail of the call says so. Responses that are superseded are released. When the call fails or aborts, the flow is closed.
 *
 * @param schemes - One scheme, or a list of them, strongest first.
 * @throws {OptionError} When it is made: the scheme or an option can't be used.
 * @throws {AuthError} As a rejection of the call: see `AuthErrorCode`.
 * @example
 * ```ts
 * import { type AuthScheme, auth } from '@fetchstack/auth'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 *
 * // Answers a 401 with the token that it names.
 * const handshake: AuthScheme = {
 *   name: 'handshake',
 *   writes: { headers: ['authorization'] },
 *   async *flow(request) {
 *     const response = yield request
 *     const token = response.status === 401 && response.headers.get('x-handshake')
 *     if (token) yield request.withHeader('authorization', `Handshake ${token}`)
 *   },
 * }
 *
 * const stack = HandlerStack.create().push(auth(handshake, { origins: 'https://api.example.com' }))
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function auth(schemes: AuthScheme | readonly AuthScheme[], options: SchemeOptions): AuthMiddleware {
  const { scheme, answers } = isList(schemes) ? chooseOf(schemes) : only(schemes)
  const { name: owner, flow } = scheme
  const guard = redirectGuard(scheme, options)
  const { maxRounds = 3, replay = 'auto', unanswered = 'pass' } = options ?? {}
  const { bodyLimit = 2 ** 20, clock = systemClock } = options ?? {}
  checkNumber(owner, 'maxRounds', maxRounds, { min: 1, integer: true })
  checkNumber(owner, 'bodyLimit', bodyLimit, { integer: true, unit: 'bytes' })
  checkOneOf(owner, 'replay', replay, ['auto', 'buffer', 'never'])
  checkOneOf(owner, 'unanswered', unanswered, ['pass', 'error'])
  checkFunction(owner, 'clock.now', clock?.now)
  for (const name of flow === undefined ? (['maxRounds', 'replay', 'unanswered'] as const) : []) {
    if (options?.[name] === undefined) continue
    throw new OptionError(owner, name, `${name} is for a scheme with a flow: this one sends one request. Leave it out.`)
  }
  return authLayer(
    scheme,
    options,
    (next, layer) => {
      const around = { scheme: owner, layer, next, clock, bodyLimit }
      const send = guard(next)
      if (flow === undefined) return authorising(scheme, send, around)
      return flowing(scheme, send, around, { maxRounds, replay, unanswered, answers })
    },
    ['redirect', 'maxRounds', 'replay', 'bodyLimit', 'unanswered', 'clock'],
    hasParameter(scheme),
  )
}

// `Array.isArray` does not narrow a readonly array.
function isList(schemes: AuthScheme | readonly AuthScheme[]): schemes is readonly AuthScheme[] {
  return Array.isArray(schemes)
}

function chooseOf(schemes: readonly AuthScheme[]): Choice {
  if (schemes.length === 0) throw new OptionError('auth', 'schemes', 'schemes must have at least one scheme.')
  schemes.forEach(checkScheme)
  return choose(schemes)
}

function only(scheme: AuthScheme): Choice {
  checkScheme(scheme)
  return { scheme, answers: () => namesOf(scheme) }
}

function checkScheme(scheme: unknown): asserts scheme is AuthScheme {
  const { name, writes, authorize, flow } = Object(scheme) as Partial<AuthScheme>
  if (typeof name !== 'string' || name === '' || typeof writes !== 'object' || writes === null) {
    throw new OptionError(
      'auth',
      'scheme',
      'scheme must be an object with a name and with what it writes, like bearerScheme(token).',
    )
  }
  if ((typeof authorize === 'function') === (typeof flow === 'function')) {
    throw new OptionError('auth', 'scheme', `scheme "${name}" must have either authorize or flow, as a function.`)
  }
}
