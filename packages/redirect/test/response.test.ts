import { HandlerStack } from '@fetchstack/handler-stack'
import { watchBody } from '@fetchstack/handler-stack/body'
import { faults, mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { redirect, redirectsOf } from '../src/index.ts'
import { twoServers, withRedirect } from './helpers.ts'

const servers = twoServers()

function start(): string {
  servers.home.route('/old', faults.redirect('/new')).route('/new', faults.ok('new'))
  return `${servers.home.url}/old`
}

const moved = () => new Response('moved', { status: 302, headers: { location: '/new' } })

describe('the last response', () => {
  it('is the same object, with the final URL, and says that it was redirected', async () => {
    const last = new Response('new')
    const mock = mockHandler([moved(), last])
    const response = await HandlerStack.create(mock).push(redirect()).toFetch()('https://example.com')
    expect(response).toBe(last)
    expect(response.redirected).toBe(true)
    const real = await withRedirect()(start())
    expect([real.url, real.redirected, real.type, real.status]).toEqual([`${servers.home.url}/new`, true, 'basic', 200])
    expect(await real.text()).toBe('new')
  })

  it('keeps that in its clones, and in theirs', async () => {
    const response = await withRedirect()(start())
    const clone = response.clone()
    const second = clone.clone()
    for (const one of [response, clone, second]) {
      expect([one.redirected, one.url, await one.text()]).toEqual([true, `${servers.home.url}/new`, 'new'])
      expect(redirectsOf(one)).toHaveLength(1)
      expect(Object.keys(one)).toEqual(Object.keys(new Response()))
    }
  })

  it('can be watched by a layer outside', async () => {
    const response = await withRedirect()(start())
    let ends = 0
    watchBody(response, () => ends++)
    const clone = response.clone()
    expect([clone.redirected, await clone.text(), ends, await response.text()]).toEqual([true, 'new', 1, 'new'])
  })

  it('may be frozen', async () => {
    const mock = mockHandler([moved(), Object.freeze(new Response('new'))])
    const response = await HandlerStack.create(mock).push(redirect()).toFetch()('https://example.com')
    expect(await response.text()).toBe('new')
    expect(redirectsOf(response)).toHaveLength(1)
  })
})

it('the responses of hops are released: they hold no socket', async () => {
  const first = moved()
  await HandlerStack.create(mockHandler([first, 200]))
    .push(redirect())
    .toFetch()('https://example.com')
  expect(first.bodyUsed).toBe(true)
  servers.home
    .route('/big', faults.status(302, { location: '/new' }, 'x'.repeat(1_000_000)))
    .route('/new', faults.ok('new'))
  for (let count = 0; count < 20; count++) await (await withRedirect()(`${servers.home.url}/big`)).text()
  await servers.home.until(({ openSockets }) => openSockets <= 2)
})

it('the copy of a body that is not needed is released', async () => {
  const copies: Request[] = []
  class Spied extends Request {
    override clone(): Request {
      const copy = super.clone()
      copies.push(copy)
      return copy
    }
  }
  const send = (response: Response) =>
    HandlerStack.create(mockHandler([response, 200]))
      .push(redirect())
      .toFetch()(new Spied('https://example.com', { method: 'POST', body: 'x' }))
  await send(new Response())
  await send(new Response(null, { status: 303, headers: { location: '/new' } }))
  await send(new Response(null, { status: 307, headers: { location: 'ftp://x' } })).catch(() => {})
  await HandlerStack.create(mockHandler([new TypeError('fetch failed')]))
    .push(redirect())
    .toFetch()(new Spied('https://example.com', { method: 'POST', body: 'x' }))
    .catch(() => {})
  expect(copies.map(({ bodyUsed }) => bodyUsed)).toEqual([true, true, true, true])
})

it('a body is copied only where it may be sent twice', async () => {
  let copies = 0
  class Counted extends Request {
    override clone(): Request {
      copies++
      return super.clone()
    }
  }
  const request = (init?: RequestInit) => new Counted('https://example.com', { method: 'POST', body: 'x', ...init })
  const api = HandlerStack.create(mockHandler([200, 200, 200, 200]))
    .push(redirect())
    .toFetch()
  await api(request({ redirect: 'manual' }))
  await api(request({ redirect: 'error' }))
  await api(request(), { fetchstack: { redirect: false } })
  await api(request(), { fetchstack: { redirect: { max: 0 } } })
  expect(copies).toBe(0)
})
