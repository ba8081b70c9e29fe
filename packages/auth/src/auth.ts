import { systemClock } from '@fetchstack/handler-stack'
import { checkFunction, checkNumber, checkOneOf, OptionError } from '@fetchstack/options'
import { authorising, flowing } from './flow.ts'
import { type AuthMiddleware, authLayer } from './layer.ts'
import type { SchemeOptions } from './options.ts'
import { hasParameter } from './query.ts'
import { redirectGuard } from './redirect.ts'
import type { AuthScheme } from './scheme.ts'

/**
 * Makes a middleware of any scheme. A scheme is asked anew for every attempt, and only for requests to the origins that are named.
 *
 * A flow sends at most `maxRounds` requests; after that, or when the body can't be sent again, the last response stands, and the
 * trail of the call says so. Responses that are superseded are released. When the call fails or aborts, the flow is closed.
 *
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
export function auth(scheme: AuthScheme, options: SchemeOptions): AuthMiddleware {
  checkScheme(scheme)
  const { name: owner, flow, answers = [owner] } = scheme
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
      return flowing(scheme, send, around, { maxRounds, replay, unanswered, answers: () => answers })
    },
    ['redirect', 'maxRounds', 'replay', 'bodyLimit', 'unanswered', 'clock'],
    hasParameter(scheme),
    [
      {
        position: 'inside',
        of: 'redirect',
        orElse: 'a redirect is followed with the credential of the request before it',
      },
    ],
  )
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
