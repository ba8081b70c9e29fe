import { Call, HandlerStack, HttpRequest } from '@fetchstack/handler-stack'
import { type FakeClock, fakeClock, faults, mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { type RedirectOptions, redirect } from '../src/index.ts'
import { waitOf } from '../src/wait.ts'
import { rejection, twoServers, withRedirect } from './helpers.ts'

const NOW = Date.UTC(2026, 10, 22)

function send(retryAfter: string, options?: RedirectOptions, init?: RequestInit, deadline?: number) {
  const clock: FakeClock = fakeClock({ now: NOW })
  const headers = { location: '/new', 'retry-after': retryAfter }
  const mock = mockHandler([new Response(null, { status: 307, headers }), 200])
  const call = new Call()
  call.deadline = deadline
  const sent = redirect({ clock, ...options })(mock)(HttpRequest.from('https://example.com', init), call)
  return { clock, mock, sent }
}

describe('Retry-After is the minimum wait before the next request (RFC 9110 §10.2.3)', () => {
  it('in seconds', async () => {
    const { clock, mock, sent } = send('5')
    await clock.untilPending()
    await clock.advance(4_999)
    expect(mock.count).toBe(1)
    await clock.advance(1)
    await sent
    expect([mock.count, clock.waits]).toEqual([2, [5_000]])
  })

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['Sun, 22 Nov 2026 00:00:30 GMT', 30_000],
    ['Sunday, 22-Nov-26 00:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 00:00:00 GMT', 0],
    ['soon', 0],
    ['-1', 0],
    ['1.5', 0],
    ['2026-11-23', 0],
    ['Xyz, 99 Nov 2026 00:00:30 GMT', 0],
    ['', 0],
  ])('"%s" is %i ms', (value, ms) => {
    const response = new Response(null, { headers: { 'retry-after': value } })
    expect(waitOf(response, NOW)).toBe(ms)
  })

  it('none: no wait at all', async () => {
    const { clock, sent } = send('')
    await sent
    expect(clock.waits).toEqual([])
  })

  it('what is longer than retryAfter is an error at once', async () => {
    const { clock, mock, sent } = send('61')
    const error = await rejection(sent)
    expect(error.code).toBe('FETCHSTACK_REDIRECT_WAIT')
    expect(error.message).toContain('the server asks to wait 61000 ms before, and retryAfter allows 60000 ms.')
    expect([mock.count, clock.waits]).toEqual([1, []])
    expect((await rejection(send('1', { retryAfter: 0 }).sent)).code).toBe('FETCHSTACK_REDIRECT_WAIT')
  })

  it('what can not be over before the deadline of the call, too', async () => {
    const error = await rejection(send('5', {}, undefined, NOW + 5_000).sent)
    expect(error.code).toBe('FETCHSTACK_REDIRECT_WAIT')
    expect(error.message).toContain('the server asks to wait 5000 ms before, and the call has no time for that.')
  })

  it('false: it is not waited for', async () => {
    const { clock, mock, sent } = send('3600', { retryAfter: false })
    await sent
    expect([mock.count, clock.waits]).toEqual([2, []])
  })
})

describe('an abort', () => {
  it('ends the wait at once, with its reason, and leaves no timer', async () => {
    const controller = new AbortController()
    const { clock, mock, sent } = send('5', {}, { signal: controller.signal })
    await clock.untilPending()
    const reason = new Error('mine')
    controller.abort(reason)
    await expect(sent).rejects.toBe(reason)
    expect([mock.count, clock.pending]).toEqual([1, 0])
  })

  it('between two hops: nothing more is sent', async () => {
    const controller = new AbortController()
    const reason = new Error('mine')
    const sent: string[] = []
    const layer = redirect({ onRedirect: () => controller.abort(reason) })
    // A handler that does not look at the signal itself.
    const api = HandlerStack.create(async ({ url }) => {
      sent.push(url)
      return new Response(null, { status: 302, headers: { location: '/new' } })
    }).push(layer)
    await expect(api.toFetch()('https://example.com', { signal: controller.signal })).rejects.toBe(reason)
    expect(sent).toHaveLength(1)
  })

  it('ends the wait for the rest of a body that is to be sent again', async () => {
    const controller = new AbortController()
    const body = new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(9)) })
    const init = { method: 'POST', body, duplex: 'half', signal: controller.signal } as const
    const mock = mockHandler([new Response(null, { status: 307, headers: { location: '/new' } })])
    const sent = HandlerStack.create(mock).push(redirect()).toFetch()(new Request('https://example.com', init))
    const reason = new Error('mine')
    setImmediate(() => controller.abort(reason))
    await expect(sent).rejects.toBe(reason)
    expect(mock.count).toBe(1)
  })

  describe('on the wire', () => {
    const servers = twoServers()

    it('of the second hop reaches it', async () => {
      servers.home.route('/old', faults.redirect('/slow')).route('/slow', faults.stall())
      const controller = new AbortController()
      const sent = withRedirect()(`${servers.home.url}/old`, { signal: controller.signal })
      await servers.home.until(({ requests }) => requests.length === 2)
      const reason = new Error('mine')
      controller.abort(reason)
      await expect(sent).rejects.toBe(reason)
      await servers.home.idle()
    })
  })
})
