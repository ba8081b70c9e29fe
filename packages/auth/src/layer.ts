import {
  type Call,
  type DescribedMiddleware,
  defineMiddleware,
  type Handler,
  type HttpRequest,
} from '@fetchstack/handler-stack'
import { checkOneOf, checkOptions } from '@fetchstack/options'
import { AuthError } from './errors.ts'
import type { AuthOptions } from './options.ts'
import { allowed, covers, readRule } from './origins.ts'
import type { AuthScheme } from './scheme.ts'
import type { SecretScheme } from './secret-scheme.ts'

/** What the factories give. Its per-call option is `false`: this call goes without the credential. */
export type AuthMiddleware = DescribedMiddleware<'auth', false>

/** Sends a request that has been authorised. `request` is what it was before. */
export type Send = (authorised: HttpRequest, call: Call, request: HttpRequest) => Promise<Response>

/** Authorises a request that is in scope, for its origin, and sends it. */
export type Authorise = (request: HttpRequest, call: Call, origin: string) => Promise<Response>

const userinfo = /^\w+:[\\/\s]*[^\\/?#]*@/

/**
 * The layer around a scheme: which requests it is asked for at all.
 *
 * @param connect - How a request is authorised and sent.
 * @param more - The options that the caller takes besides.
 * @param hasParameter - Whether the request has a query parameter that the scheme writes. Default: never.
 */
export function authLayer(
  { name: owner, writes }: Pick<AuthScheme, 'name' | 'writes'>,
  options: AuthOptions,
  connect: (next: Handler, name: string) => Authorise,
  more: readonly string[] = [],
  hasParameter?: (request: HttpRequest) => boolean | undefined,
): AuthMiddleware {
  checkOptions(owner, options, ['origins', 'insecure', 'existing', 'outside', ...more])
  const { origins, insecure = 'loopback', existing = 'keep', outside = 'pass' } = options ?? ({} as AuthOptions)
  checkOneOf(owner, 'insecure', insecure, Object.keys(allowed))
  checkOneOf(owner, 'existing', existing, ['keep', 'replace', 'error'])
  checkOneOf(owner, 'outside', outside, ['pass', 'error'])
  // An empty list reads as an empty rule, and is refused as one.
  const rules = (Array.isArray(origins) && origins.length > 0 ? origins : [origins]).map((rule) =>
    readRule(owner, rule, insecure),
  )

  const has = (request: HttpRequest): boolean | undefined =>
    writes.headers?.some((header) => request.header(header) !== undefined) || hasParameter?.(request)

  return defineMiddleware<'auth', false>(
    {
      name: 'auth',
      label: `${owner}(${rules.join(', ')})`,
      scope: 'attempt',
      wants: [{ position: 'inside', of: 'retry', orElse: 'all attempts share one credential' }],
      // The value may be a credential, so only its type is shown.
      checkCallOption: (value) => checkOneOf(owner, 'the per-call option', value && typeof value, [false]),
    },
    (next, name) => {
      const authorise = connect(next, name)
      const handle = (request: HttpRequest, call: Call): Promise<Response> => {
        const { url } = request
        // Most URLs start with a rule as it stands: they need no parsing, and hold no user name.
        const plain = rules.find((rule) => url.startsWith(rule) && url[rule.length] === '/')
        const origin = plain ?? request.origin
        const inside = covers(rules, origin)
        if (inside) {
          if (plain === undefined && userinfo.test(url)) {
            throw new AuthError('USERINFO', owner, request, 'the URL holds a user name or a password.')
          }
          const own = has(request)
          call.declareCredentials(writes)
          if (existing === 'replace' || !own) return authorise(request, call, origin)
          if (existing === 'error') {
            throw new AuthError('EXISTING', owner, request, 'the request has a credential already.')
          }
        } else if (outside === 'error') {
          throw new AuthError('OUTSIDE', owner, request, `${origin} is not among its origins.`)
        } else if (has(request)) {
          // The caller's own is a credential too.
          call.declareCredentials(writes)
        }
        call.record({ layer: name, event: 'skip', attempt: call.attempt, detail: inside ? 'existing' : 'outside' })
        return next(request, call)
      }
      return function auth(request, call) {
        if (call.options[name] === false) return next(request, call)
        try {
          return handle(request, call)
        } catch (error) {
          return Promise.reject(error)
        }
      }
    },
  )
}

/** A secret in its place: no context, no round trip, nothing copied. */
export function simple({ authorize }: SecretScheme, send: Send): Authorise {
  return (request, call) => {
    const authorised = authorize(request)
    return 'then' in authorised
      ? authorised.then((authorised) => send(authorised, call, request))
      : send(authorised, call, request)
  }
}
