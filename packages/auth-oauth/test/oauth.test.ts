import { bearerFrom } from '@fetchstack/auth'
import { HandlerStack } from '@fetchstack/handler-stack'
import { fakeClock, faults } from '@fetchstack/testing'
import { expect, it } from 'vitest'
import { oauth } from '../src/index.ts'
import { authorizationServer, formOf, GRANTED } from './helpers.ts'

it('1,000 callers with an ended token: one request, and a late 401 none', async () => {
  const clock = fakeClock()
  let count = 0
  await using as = await authorizationServer(() => faults.ok({ ...GRANTED, access_token: `t${++count}` }))
  const source = oauth(as.options(), { clock })
  const old = await source.get()
  await clock.advance(3_600_000)
  const tokens = await Promise.all(Array.from({ length: 1_000 }, () => source.get()))
  expect(new Set(tokens.map(({ value }) => value.reveal()))).toEqual(new Set(['t2']))
  expect((await source.replace(old)).value.reveal()).toBe('t2')
  expect(count).toBe(2)
})

it('a rotated refresh token is used once each, and invalid_grant ends it for good', async () => {
  let current = 'r0'
  await using as = await authorizationServer((request) => {
    if (formOf(request)['refresh_token'] !== current) return faults.status(400, {}, { error: 'invalid_grant' })
    current = `r${request.number}`
    return faults.ok({ ...GRANTED, access_token: `t${request.number}`, refresh_token: current })
  })
  const source = oauth(as.options({ grant: { type: 'refresh_token', refreshToken: 'r0' } }), {
    failureBackoff: () => 0,
  })
  await source.replace(await source.get())
  await source.replace(await source.get())
  expect(as.server.requests.map((request) => formOf(request)['refresh_token'])).toEqual(['r0', 'r1', 'r2'])
  current = 'of another session'
  const rejected = await source.get()
  const failure = { code: 'FETCHSTACK_TOKEN_TERMINAL', cause: expect.objectContaining({ error: 'invalid_grant' }) }
  await expect(source.replace(rejected)).rejects.toMatchObject(failure)
  await expect(source.replace(rejected)).rejects.toMatchObject(failure)
  expect(as.server.count()).toBe(4)
})

it('step-up: what an API misses is asked for on top, and the request is sent again', async () => {
  await using as = await authorizationServer((request) =>
    faults.ok({ ...GRANTED, access_token: formOf(request)['scope']!.replaceAll(' ', '+') }),
  )
  as.server.route('/videos', ({ headers }) =>
    headers['authorization']!.includes('write')
      ? faults.ok()
      : faults.status(403, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="write"' }),
  )
  const api = HandlerStack.create()
    .push(bearerFrom(oauth(as.options({ scope: 'read' })), { origins: as.server.url }))
    .toFetch()
  expect((await api(`${as.server.url}/videos`)).status).toBe(200)
  expect(as.server.requests.map(({ path }) => path)).toEqual(['/token', '/videos', '/token', '/videos'])
})

it("a stack's own fetch takes the token requests", async () => {
  await using as = await authorizationServer()
  const stack = HandlerStack.create().push(
    (next) => (request, call) => next(request.withHeader('x-mine', '1'), call),
    'mark',
  )
  await oauth(as.options({ fetch: stack.toFetch() })).get()
  expect(as.server.requests[0]!.headers['x-mine']).toBe('1')
})
