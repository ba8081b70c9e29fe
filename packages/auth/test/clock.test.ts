import { Call, type Clock, HttpRequest } from '@fetchstack/handler-stack'
import { mockHandler } from '@fetchstack/testing'
import { describe, expect, it, vi } from 'vitest'
import { type AuthScheme, auth, authTime } from '../src/index.ts'
import { API, headersOf } from './helpers.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const clockAt = (now = NOW): Pick<Clock, 'now'> & { time: number } => ({
  time: now,
  now() {
    return this.time
  },
})

/** A response of a server whose clock is `skew` milliseconds ahead. */
function refusal(skew: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status: 401, headers: { date: new Date(NOW + skew).toUTCString(), ...headers } })
}

describe('the time to sign with', () => {
  it('is that of the clock, until a server’s Date is more than 30 s away', () => {
    const clock = clockAt()
    const time = authTime(API, clock)
    expect(time.now()).toBe(NOW)
    for (const skew of [0, 30_000, -30_000]) expect(time.correct(refusal(skew))).toBe(false)
    expect(time.now()).toBe(NOW)
    expect(time.correct(refusal(31_000))).toBe(true)
    expect(time.now()).toBe(NOW + 31_000)
    clock.time += 5000
    expect(time.now()).toBe(NOW + 36_000)
  })

  it('goes back as well as forward, and once corrected is right', () => {
    const time = authTime(API, clockAt())
    expect(time.correct(refusal(-3_600_000))).toBe(true)
    expect(time.now()).toBe(NOW - 3_600_000)
    expect(time.correct(refusal(-3_600_000))).toBe(false)
  })

  it.each([
    ['no Date', new Response(null, { status: 401 })],
    ['a Date that is none', refusal(0, { date: 'yesterday' })],
    ['an Age that is none', refusal(3_600_000, { age: 'old' })],
    // With these, whoever writes the time as text would throw from then on.
    ['an Age without end', refusal(0, { age: '1'.padEnd(400, '0') })],
    ['an Age in the power of ten', refusal(0, { age: '1e400' })],
    ['an Age before its time', refusal(0, { age: '-1000000000000' })],
    ['a Date beyond four digits of a year', refusal(0, { date: 'Sat, 13 Sep 275760 00:00:00 GMT' })],
  ])('is not corrected by %s', (_, response) => {
    const time = authTime(API, clockAt())
    expect(time.correct(response)).toBe(false)
    expect(time.now()).toBe(NOW)
  })

  it('is not corrected by the Date of a stored response, which says its age', () => {
    expect(authTime(API, clockAt()).correct(refusal(-3_600_000, { age: '3600' }))).toBe(false)
  })

  it('is remembered per origin, and shared by all that share the clock', () => {
    const clock = clockAt()
    authTime(API, clock).correct(refusal(60_000))
    expect(authTime(API, clock).now()).toBe(NOW + 60_000)
    expect(authTime('https://other.example', clock).now()).toBe(NOW)
    expect(authTime(API, clockAt()).now()).toBe(NOW)
  })

  it('is the machine’s by default', () => {
    const now = vi.spyOn(Date, 'now').mockReturnValue(NOW)
    expect(authTime('https://machine.example').now()).toBe(NOW)
    now.mockRestore()
  })

  it('is a snapshot: each of many requests signed with the old offset finds out by itself (aws-sdk-js-v3#8009)', () => {
    const clock = clockAt()
    const [first, second] = [authTime(API, clock), authTime(API, clock)]
    expect(first.correct(refusal(60_000))).toBe(true)
    // The shared offset is right by now; the second request was signed without it all the same.
    expect(second.now()).toBe(NOW)
    expect(second.correct(refusal(60_000))).toBe(true)
    expect(second.now()).toBe(NOW + 60_000)
  })

  it('is forgotten for the oldest of more than 1,000 origins', () => {
    const clock = clockAt()
    for (let i = 0; i <= 1000; i++) authTime(`https://${i}.example`, clock).correct(refusal(60_000))
    expect(authTime('https://0.example', clock).now()).toBe(NOW)
    expect(authTime('https://1.example', clock).now()).toBe(NOW + 60_000)
    expect(authTime('https://1000.example', clock).now()).toBe(NOW + 60_000)
  })
})

/** Stands in for what signs the time: SigV4, RFC 9421. Signs again when its clock was wrong. */
const timed: AuthScheme = {
  name: 'timed',
  writes: { headers: ['x-time'] },
  binds: ['time'],
  async *flow(request, { time }) {
    const sign = () => request.withHeader('x-time', String(time.now()))
    const response = yield sign()
    if (response.status === 401 && time.correct(response)) yield sign()
  },
}

describe('a scheme that signs the time', () => {
  const run = (clock: Pick<Clock, 'now'>, responses: Response[]) => {
    const mock = mockHandler(responses)
    const sent = auth(timed, { origins: API, clock })(mock)(HttpRequest.from(`${API}/`), new Call())
    const times = () => mock.calls.map(({ request }) => Number(headersOf(request)['x-time']) - NOW)
    return { sent, times }
  }

  it('signs again with the server’s time, and the next request is right at once', async () => {
    const clock = clockAt()
    const first = run(clock, [refusal(90_000), new Response('yes')])
    expect((await first.sent).status).toBe(200)
    expect(first.times()).toEqual([0, 90_000])
    const next = run(clock, [new Response('yes')])
    await next.sent
    expect(next.times()).toEqual([90_000])
  })

  it('does not sign again where the time was not the reason', async () => {
    const { sent, times } = run(clockAt(), [refusal(1000)])
    expect((await sent).status).toBe(401)
    expect(times()).toEqual([0])
  })

  it('can have its clock given, and no other thing in its place', () => {
    expect(() => auth(timed, { origins: API, clock: {} as Clock })).toThrow('timed: clock.now must be a function')
  })
})
