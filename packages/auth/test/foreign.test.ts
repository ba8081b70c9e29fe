import { Call, HandlerStack, HttpRequest } from '@fetchstack/handler-stack'
import { type FaultyServer, faults, faultyServer, mockHandler } from '@fetchstack/testing'
import { makeToken, tokenSource } from '@fetchstack/token-source'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AuthScheme, auth, authTime, basicScheme, bearerFrom } from '../src/index.ts'
import { API } from './helpers.ts'

// Two origins: they differ by their port. `home` redirects to `away`, and `fetch` follows.
let home: FaultyServer
let away: FaultyServer

beforeAll(async () => {
  home = await faultyServer()
  away = await faultyServer()
})
beforeEach(() => {
  home.reset()
  away.reset()
})
afterAll(() => Promise.all([home.close(), away.close()]))

function leading(status: number, challenge: string, to = away): string {
  to.route('/end', faults.status(status, { 'www-authenticate': challenge }))
  return home.route('/start', faults.redirect(`${to.url}/end`)).url + '/start'
}

describe('what another origin asks for, after a redirect that fetch followed', () => {
  it.each([
    [401, 'Bearer'],
    [401, 'Bearer error="insufficient_scope", scope="admin"'],
    [403, 'Bearer error="insufficient_scope", scope="admin"'],
  ])('is no new token, nor a wider one: %i %s', async (status, challenge) => {
    const refresh = vi.fn(async () => makeToken({ value: 't' }))
    const api = HandlerStack.create()
      .push(bearerFrom(tokenSource(refresh), { origins: home.url }))
      .toFetch()
    expect((await api(leading(status, challenge))).status).toBe(status)
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(home.requests).toHaveLength(1)
  })

  it('within the origin it is heard', async () => {
    let count = 0
    const source = tokenSource(async () => makeToken({ value: `t${++count}` }))
    const api = HandlerStack.create()
      .push(bearerFrom(source, { origins: home.url }))
      .toFetch()
    expect((await api(leading(401, 'Bearer', home))).status).toBe(401)
    expect(count).toBe(2)
  })

  it('is no scheme of the list: a password is not sent because somebody else wants one', async () => {
    const strong: AuthScheme = { name: 'strong', writes: { headers: ['authorization'] }, async *flow() {} }
    const api = HandlerStack.create()
      .push(auth([strong, basicScheme('me', 'pw')], { origins: home.url }))
      .toFetch()
    const start = leading(401, 'Basic')
    for (let nth = 0; nth < 2; nth++) expect((await api(start)).status).toBe(401)
    expect(home.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined, undefined])
  })

  it('sets no clock, and the trail says why the flow ended', async () => {
    const clock = { now: () => 0 }
    const timed: AuthScheme = {
      name: 'timed',
      writes: { headers: ['authorization'] },
      async *flow(request, { time }) {
        const response = yield request
        if (time.correct(response)) yield request
      },
    }
    const response = new Response(null, { status: 401, headers: { date: 'Sun, 22 Nov 2026 12:00:00 GMT' } })
    Object.defineProperties(response, { redirected: { value: true }, url: { value: 'https://evil.example/' } })
    const [mock, call] = [mockHandler([response]), new Call()]
    const sent = auth(timed, { origins: API, clock })(mock)(HttpRequest.from(`${API}/`), call)
    expect(await sent).toBe(response)
    expect(authTime(API, clock).now()).toBe(0)
    expect(call.trail).toMatchObject([{ event: 'not-resent', detail: 'other-origin' }])
  })
})

it.each([[undefined], [null], [new Response(null)]])('a flow that yields %s is told so', async (what) => {
  const odd: AuthScheme = {
    name: 'odd',
    writes: {},
    async *flow(request) {
      yield request
      yield what as never
    },
  }
  const sent = auth(odd, { origins: API })(mockHandler([401]))(HttpRequest.from(`${API}/`), new Call())
  await expect(sent).rejects.toMatchObject({ code: 'FETCHSTACK_AUTH_OUTSIDE' })
})
