import { type DescribedMiddleware, HandlerStack, type StackFetch } from '@fetchstack/handler-stack'
import type { TokenSource } from '@fetchstack/token-source'
import { assertType, expectTypeOf, it } from 'vitest'
import {
  type ApiKeyOptions,
  AuthError,
  type AuthOptions,
  type AuthScheme,
  apiKey,
  apiKeyScheme,
  auth,
  basic,
  basicScheme,
  bearer,
  bearerFrom,
  bearerScheme,
  Secret,
  type SecretInput,
} from '../src/index.ts'

const origins = ['https://api.example.com'] as const

it('origins are required', () => {
  // @ts-expect-error No options at all.
  bearer('t')
  // @ts-expect-error No origins.
  bearer('t', {})
  // @ts-expect-error No origins.
  basic('me', 'pw', { insecure: 'never' })
  // @ts-expect-error No origins.
  apiKey('k', {}, {})
  // @ts-expect-error No origins.
  auth(bearerScheme('t'), {})
})

it('origins are texts or URLs, one or many', () => {
  assertType(bearer('t', { origins }))
  assertType(bearer('t', { origins: 'https://api.example.com' }))
  assertType(bearer('t', { origins: [new URL('https://api.example.com'), 'https://*.example.com'] }))
  // @ts-expect-error A pattern is not an origin.
  bearer('t', { origins: /example/ })
})

it('a secret is a string, a Secret or a function that gives one', () => {
  expectTypeOf<string | Secret>().toExtend<SecretInput>()
  assertType(bearer(() => Secret.of('t'), { origins }))
  assertType(bearer(async ({ reason, signal }) => `${reason}${signal?.aborted}`, { origins }))
  // @ts-expect-error The environment variable may not be set.
  bearer(process.env['TOKEN'], { origins })
  // @ts-expect-error Nothing is not a token.
  bearer(async () => undefined, { origins })
  // @ts-expect-error Only `Secret.of` makes one.
  assertType<Secret>(new Secret('t'))
})

it('a key is in a header or in the query', () => {
  assertType(apiKey('k', {}, { origins }))
  assertType(apiKey('k', { header: 'x-key', prefix: 'Token ' }, { origins }))
  assertType(apiKey('k', { query: 'key' }, { origins }))
  // @ts-expect-error Not in both.
  apiKey('k', { header: 'x-key', query: 'key' }, { origins })
})

it('options are those that have a meaning', () => {
  // @ts-expect-error fetch leaves `authorization` behind by itself.
  bearer('t', { origins, redirect: 'error' })
  assertType(apiKey('k', {}, { origins, redirect: 'manual' }))
  assertType(auth(basicScheme('me', 'pw'), { origins, redirect: 'error' }))
  assertType(auth(apiKeyScheme('k', { query: 'key' }), { origins, redirect: 'follow', maxRounds: 2 }))
  // @ts-expect-error Not a choice.
  bearer('t', { origins, existing: 'overwrite' })
  expectTypeOf<ApiKeyOptions>().toExtend<AuthOptions>()
})

it('the per-call option is false, under the name of the layer', () => {
  expectTypeOf(bearer('t', { origins })).toEqualTypeOf<DescribedMiddleware<'auth', false>>()
  const api = HandlerStack.create()
    .push(bearer('t', { origins }))
    .push(apiKey('k', {}, { origins }), 'key')
    .toFetch()
  expectTypeOf(api).toExtend<StackFetch<{ auth?: false; key?: false }>>()
  void (() => api('/', { fetchstack: { auth: false, key: false } }))
  // @ts-expect-error A token per call goes into the headers.
  void (() => api('/', { fetchstack: { auth: 'tok3n' } }))
  // @ts-expect-error No such layer.
  void (() => api('/', { fetchstack: { auht: false } }))
})

it('two auth layers need two names', () => {
  const stack = HandlerStack.create().push(bearer('t', { origins }))
  // @ts-expect-error The name is taken.
  void (() => stack.push(bearer('t', { origins })))
})

it('a scheme declares what it writes', () => {
  // @ts-expect-error Without `writes` no layer could know what to take away.
  assertType<AuthScheme>({ name: 'x', authorize: (request) => request })
  assertType<AuthScheme>({
    name: 'x',
    writes: { headers: ['x-proof'] },
    binds: ['method', 'url', 'time'],
    async *flow(request, { origin, attempt, signal }) {
      expectTypeOf(origin).toEqualTypeOf<string>()
      expectTypeOf(attempt).toEqualTypeOf<number>()
      expectTypeOf(signal).toEqualTypeOf<AbortSignal | undefined>()
      const response = yield request
      expectTypeOf(response).toEqualTypeOf<Response>()
    },
  })
})

it('a token source is for bearerFrom, and a token that is known for bearer', () => {
  const source = {} as TokenSource
  assertType(bearerFrom(source, { origins, settle: 5000, replay: 'buffer' }))
  assertType(bearerFrom(async ({ reason, previous }) => (reason === 'rejected' ? previous! : 't'), { origins }))
  // @ts-expect-error It has nothing to ask again.
  bearerFrom('t', { origins })
  // @ts-expect-error Not a secret.
  bearer(source, { origins })
  // @ts-expect-error Only a token source, or a function, is new for a while.
  auth(bearerScheme('t'), { origins, settle: 5000 })
})

it('schemes are one or many', () => {
  assertType(auth([bearerScheme('t'), basicScheme('me', 'pw')] as const, { origins, unanswered: 'error' }))
  expectTypeOf(auth([bearerScheme('t')], { origins })).toEqualTypeOf<DescribedMiddleware<'auth', false>>()
})

it('an error has one of ten codes', () => {
  expectTypeOf<AuthError['code']>().toEqualTypeOf<
    | 'FETCHSTACK_AUTH_PROVIDER'
    | 'FETCHSTACK_AUTH_SECRET'
    | 'FETCHSTACK_AUTH_OUTSIDE'
    | 'FETCHSTACK_AUTH_EXISTING'
    | 'FETCHSTACK_AUTH_USERINFO'
    | 'FETCHSTACK_AUTH_REDIRECT'
    | 'FETCHSTACK_AUTH_TOKEN_TYPE'
    | 'FETCHSTACK_AUTH_BODY'
    | 'FETCHSTACK_AUTH_CHALLENGE'
    | 'FETCHSTACK_AUTH_PROOF'
  >()
  expectTypeOf(AuthError.prototype.name).toEqualTypeOf<'AuthError'>()
})
