import { HandlerStack, key, type Middleware } from '@fetchstack/handler-stack'
import { fakeClock } from '@fetchstack/testing'
import { isTokenError, makeToken, tokenSource, tokenSources } from '@fetchstack/token-source'
import { expect, it } from 'vitest'
import { type AuthScheme, auth, bearerFrom, bearerFromScheme } from '../src/index.ts'
import { API, headersOf } from './helpers.ts'

it('a token source of its package: 1,000 refused callers cause one refresh, and a late 401 none', async () => {
  let refreshes = 0
  const clock = fakeClock()
  const source = tokenSource(async () => makeToken({ value: `t${++refreshes}` }), { clock })
  let valid = 't1'
  const api = HandlerStack.create(async (request) => {
    const status = headersOf(request)['authorization'] === `Bearer ${valid}` ? 200 : 401
    await new Promise(setImmediate)
    return new Response(null, { status })
  })
    .push(bearerFrom(source, { origins: API }))
    .toFetch()
  expect((await api(API)).status).toBe(200)
  valid = 't2'
  const responses = await Promise.all(Array.from({ length: 1000 }, () => api(API)))
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
  expect(refreshes).toBe(2)
})

it('what it fails with is told apart by its code, and by the cause', async () => {
  const source = tokenSource(() => Promise.reject(new Error('hush')), { clock: fakeClock() })
  const api = HandlerStack.create(async () => new Response())
    .push(bearerFrom(source, { origins: API }))
    .toFetch()
  const error = (await api(API).catch((error: unknown) => error)) as Error
  expect(error.message).toMatch(/the source of the token failed \(FETCHSTACK_TOKEN_\w+\)\.$/)
  expect(isTokenError(error.cause)).toBe(true)
})

it('many tenants have a source each, by what a layer outside says', async () => {
  const tenant = key<string>('tenant')
  const sourceOf = tokenSources(
    (id: string) => id,
    (id) => tokenSource(async () => makeToken({ value: `token-of-${id}` })),
  )
  const perTenant: AuthScheme = {
    name: 'bearer',
    writes: { headers: ['authorization'] },
    flow: (request, context) => bearerFromScheme(sourceOf(context.call.get(tenant)!)).flow!(request, context),
  }
  const tell: Middleware = (next) => (request, call) => {
    call.set(tenant, request.header('x-tenant')!)
    return next(request, call)
  }
  const api = HandlerStack.create(async (request) => new Response(headersOf(request)['authorization']))
    .push(tell, 'tenant')
    .push(auth(perTenant, { origins: API }))
    .toFetch()
  const texts = ['acme', 'umbrella'].map(async (id) => (await api(API, { headers: { 'x-tenant': id } })).text())
  expect(await Promise.all(texts)).toEqual(['Bearer token-of-acme', 'Bearer token-of-umbrella'])
})
