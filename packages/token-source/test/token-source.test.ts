import { getEventListeners } from 'node:events'
import { constant } from '@fetchstack/backoff'
import { OptionError } from '@fetchstack/options'
import { fakeClock } from '@fetchstack/testing'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  isTokenError,
  makeToken,
  memoryStore,
  type Token,
  TokenError,
  type TokenEvent,
  type TokenSourceOptions,
  tokenSource,
} from '../src/index.ts'
import { failureOf, gate, hour, rig, START, text } from './helpers.ts'

describe('single flight', () => {
  it('1,000 callers without a token cause one refresh', async () => {
    const { source, requests } = rig()
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => source.get()))
    expect(requests).toHaveLength(1)
    expect(new Set(tokens).size).toBe(1)
    expect(Object.isFrozen(tokens[0])).toBe(true)
  })

  it('1,000 callers with an expired token cause one refresh', async () => {
    const { source, requests, clock, reasons } = rig()
    await source.get()
    await clock.advance(3_600_000)
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => source.get()))
    expect(requests).toHaveLength(2)
    expect(reasons()).toEqual(['missing', 'expired'])
    expect(new Set(tokens.map(text))).toEqual(new Set(['t2']))
  })

  it('1,000 callers whose token was rejected cause one refresh', async () => {
    const { source, reasons } = rig()
    const first = await source.get()
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => source.replace(first)))
    expect(reasons()).toEqual(['missing', 'rejected'])
    expect(new Set(tokens.map(text))).toEqual(new Set(['t2']))
  })

  it('a failure reaches all who wait, as one error', async () => {
    const { source, requests } = rig({}, async () => {
      throw new Error('down')
    })
    const errors = await Promise.all(Array.from({ length: 10 }, () => failureOf(source.get())))
    expect(requests).toHaveLength(1)
    expect(new Set(errors).size).toBe(1)
    expect(errors[0]).toMatchObject({ name: 'TokenError', code: 'FETCHSTACK_TOKEN_REFRESH', cause: new Error('down') })
    expect(isTokenError(errors[0])).toBe(true)
  })

  it('in any order of calls, failures and time there is never more than one refresh under way', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('get' as const), scope: fc.constantFrom(undefined, 'a', 'b') }),
      fc.record({ kind: fc.constantFrom('replace' as const, 'late' as const, 'fail' as const, 'done' as const) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(100, 20_000, 2_700_000, 3_600_000) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        let open: { resolve(): void; reject(): void } | undefined
        let most = 0
        let busy = 0
        let count = 0
        const { source, clock } = rig({}, async (nth, { scope, signal }) => {
          count = nth
          most = Math.max(most, ++busy)
          const { promise, resolve, reject } = gate()
          open = { resolve, reject: () => reject(new Error('down')) }
          signal.addEventListener('abort', () => reject(signal.reason))
          await promise.finally(() => busy--)
          return hour(`t${nth}`, clock, scope === undefined ? {} : { scope })
        })
        const seen: Token[] = []
        const ask = (work: Promise<Token>) => void work.then((token) => seen.push(token)).catch(() => {})
        for (const one of steps) {
          if (one.kind === 'get') ask(source.get(one.scope === undefined ? {} : { scope: one.scope }))
          else if (one.kind === 'replace') ask(source.replace(source.peek() ?? makeToken({ value: 'unknown' })))
          else if (one.kind === 'late') ask(source.replace(seen[0] ?? makeToken({ value: 'old' })))
          else if (one.kind === 'wait') await clock.advance(one.ms)
          else if (one.kind === 'done') open?.resolve()
          else open?.reject()
          await clock.advance(0)
        }
        expect(most).toBeLessThanOrEqual(1)
        expect(count).toBeLessThanOrEqual(steps.length)
      }),
      { numRuns: 100 },
    )
  })
})

describe('thresholds', () => {
  it('a fresh token is given without a refresh', async () => {
    const { source, requests, clock } = rig()
    await source.get()
    await clock.advance(3_600_000 - 120_001)
    expect(text(await source.get())).toBe('t1')
    expect(requests).toHaveLength(1)
  })

  it('within two minutes of its end it is given at once, and refreshed in the background, once', async () => {
    const { promise, resolve } = gate()
    const { source, reasons, clock } = rig({}, async (nth) => {
      if (nth === 2) await promise
      return hour(`t${nth}`, clock)
    })
    await source.get()
    await clock.advance(3_600_000 - 120_000)
    expect((await Promise.all([source.get(), source.get(), source.get()])).map(text)).toEqual(['t1', 't1', 't1'])
    resolve()
    await clock.advance(0)
    expect(text(await source.get())).toBe('t2')
    expect(reasons()).toEqual(['missing', 'stale'])
  })

  it('within ten seconds of its end it is waited for', async () => {
    const { source, clock, reasons } = rig()
    await source.get()
    await clock.advance(3_600_000 - 10_000)
    expect(text(await source.get())).toBe('t2')
    expect(reasons()).toEqual(['missing', 'expired'])
  })

  it.each([
    [74, 't1', 1],
    [75, 't1', 2],
    [95, 't2', 2],
  ])(
    'a token of 100 s is stale in its last quarter and ended in its last 5 %%: %d s',
    async (seconds, value, count) => {
      const { source, requests, clock } = rig({}, async (nth) =>
        makeToken({ value: `t${nth}`, issuedAt: clock.now(), expiresAt: clock.now() + 100_000 }),
      )
      await source.get()
      await clock.advance(seconds * 1_000)
      expect(text(await source.get())).toBe(value)
      await clock.advance(0)
      expect(requests).toHaveLength(count)
    },
  )

  it('margins longer than the life of a token do not have it refreshed by every call', async () => {
    const { source, requests, clock } = rig({ refreshAhead: 300_000, expireAhead: 200_000 }, async (nth) =>
      makeToken({ value: `t${nth}`, issuedAt: clock.now(), expiresAt: clock.now() + 60_000 }),
    )
    await source.get()
    await clock.advance(29_000)
    await source.get()
    expect(requests).toHaveLength(1)
    await clock.advance(1_000)
    await source.get()
    expect(requests).toHaveLength(2)
  })

  it('refreshAhead may be a function of the token', async () => {
    const { source, requests, clock } = rig({
      refreshAhead: ({ expiresAt }) => (expiresAt === undefined ? 0 : 600_000),
    })
    await source.get()
    await clock.advance(3_000_000)
    await source.get()
    await clock.advance(0)
    expect(requests).toHaveLength(2)
  })

  it('a token whose end is not known is kept until a server rejects it', async () => {
    const { source, requests, clock } = rig({}, async (nth) => makeToken({ value: `t${nth}`, issuedAt: clock.now() }))
    const first = await source.get()
    await clock.advance(1e12)
    expect(await source.get()).toBe(first)
    expect(text(await source.replace(first))).toBe('t2')
    expect(requests).toHaveLength(2)
  })
})

describe('a rejected token', () => {
  it('a late 401 for an old token causes no refresh', async () => {
    const { source, requests } = rig()
    const old = await source.get()
    const newer = await source.replace(old)
    expect(await source.replace(old)).toBe(newer)
    expect(await source.replace(makeToken({ value: 't1' }))).toBe(newer)
    expect(requests).toHaveLength(2)
  })

  it('is not given out while its successor is fetched', async () => {
    const { promise, resolve } = gate()
    const { source, clock } = rig({}, async (nth) => {
      if (nth === 2) await promise
      return hour(`t${nth}`, clock)
    })
    const first = await source.get()
    const both = Promise.all([source.replace(first), source.get()])
    resolve()
    expect((await both).map(text)).toEqual(['t2', 't2'])
  })

  it('of a refresh that was under way already, the newer token is taken', async () => {
    const { promise, resolve } = gate()
    const { source, clock, reasons } = rig({}, async (nth) => {
      if (nth === 2) await promise
      return hour(`t${nth}`, clock)
    })
    const first = await source.get()
    await clock.advance(3_600_000 - 60_000)
    await source.get()
    await clock.advance(0)
    const replaced = source.replace(first)
    resolve()
    expect(text(await replaced)).toBe('t2')
    expect(reasons()).toEqual(['missing', 'stale'])
  })

  it('a refresh under way that only finds the rejected token in the store is followed by one that asks', async () => {
    const { promise, resolve } = gate()
    let loads = 0
    const clockless = makeToken({ value: 'stored' })
    const store = {
      load: async () => {
        if (++loads === 1) await promise
        return { token: clockless, version: '1' }
      },
      compareAndSet: async (_: string | undefined, token: Token) => ({ won: true, stored: { token, version: '2' } }),
    }
    const { source, reasons, clock } = rig({ store })
    const waiting = source.get()
    await clock.advance(0)
    const replaced = Promise.all([source.replace(clockless), source.replace(clockless)])
    resolve()
    await waiting
    expect((await replaced).map(text)).toEqual(['t1', 't1'])
    expect(reasons()).toEqual(['rejected'])
  })

  it('the same token again is given out, and the server left alone for the cool-down', async () => {
    const { source, requests, clock } = rig({}, async () => hour('same', clock))
    const first = await source.get()
    for (let nth = 0; nth < 50; nth++) expect(text(await source.replace(first))).toBe('same')
    expect(requests).toHaveLength(2)
    await clock.advance(29_999)
    await source.replace(first)
    expect(requests).toHaveLength(2)
    await clock.advance(1)
    await source.replace(first)
    expect(requests).toHaveLength(3)
  })

  it('the same token again near its end causes no storm either', async () => {
    const end = START + 3_600_000
    const { source, requests, clock } = rig({}, async () =>
      makeToken({ value: 'same', issuedAt: START, expiresAt: end }),
    )
    await source.get()
    await clock.advance(3_600_000 - 60_000)
    for (let nth = 0; nth < 60; nth++) {
      await source.get()
      await clock.advance(1_000)
    }
    expect(requests.length).toBeLessThanOrEqual(4)
  })

  it('where every new token is rejected, they are issued no more often than the back-off says', async () => {
    const times: number[] = []
    const { source, clock } = rig({ failureBackoff: (retry) => retry * 1_000 }, async (nth, { reason }) => {
      if (reason === 'rejected') times.push(clock.now() - START)
      return hour(`t${nth}`, clock)
    })
    for (let call = 0; call < 100; call++) {
      await source.replace(await source.get())
      await clock.advance(100)
    }
    expect(times).toEqual([0, 100, 1_100, 3_100, 6_100])
    await clock.advance(60_000)
    times.length = 0
    for (let call = 0; call < 3; call++) await source.replace(await source.get())
    expect(times).toHaveLength(2)
  })

  it('a token that has ended when it comes is given out, and the server left alone for the cool-down', async () => {
    const { source, requests, clock } = rig({ sameTokenCooldown: 1_000 }, async (nth) =>
      makeToken({ value: `t${nth}`, issuedAt: START - 2_000, expiresAt: START - 1_000 }),
    )
    for (let nth = 0; nth < 20; nth++) await source.get()
    expect(requests).toHaveLength(1)
    await clock.advance(1_000)
    expect(text(await source.get())).toBe('t2')
  })
})

describe('failures', () => {
  it('a failing endpoint is asked no more often than the back-off says', async () => {
    const times: number[] = []
    const { source, clock } = rig({ random: () => 0.999999999 }, async () => {
      times.push(clock.now() - START)
      throw new Error('down')
    })
    for (let second = 0; second < 1_200; second++) {
      await failureOf(source.get())
      await clock.advance(100)
    }
    const waits = times.slice(1).map((time, index) => time - times[index]!)
    expect(waits.slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000])
    expect(times).toHaveLength(8)
  })

  it('while it backs off, who needs a token gets the last error at once', async () => {
    const { source, requests, clock } = rig({ failureBackoff: constant(5_000) }, async () => {
      throw new Error('down')
    })
    const first = await failureOf(source.get())
    expect(await failureOf(source.get())).toBe(first)
    await clock.advance(4_999)
    expect(await failureOf(source.get())).toBe(first)
    expect(requests).toHaveLength(1)
    await clock.advance(1)
    expect(await failureOf(source.get())).not.toBe(first)
    expect(requests).toHaveLength(2)
  })

  it('a token that is still good is given while the refresh fails and backs off', async () => {
    const events: TokenEvent[] = []
    const { source, requests, clock } = rig(
      { failureBackoff: constant(30_000), onEvent: (event) => events.push(event) },
      async (nth) => {
        if (nth > 1) throw new Error('down')
        return hour('t1', clock)
      },
    )
    await source.get()
    await clock.advance(3_600_000 - 100_000)
    for (let nth = 0; nth < 8; nth++) {
      expect(text(await source.get())).toBe('t1')
      await clock.advance(10_000)
    }
    expect(requests).toHaveLength(4)
    expect(events.map(({ type }) => type)).toEqual(['refreshed', 'failed', 'failed', 'failed'])
    expect(events[1]).toMatchObject({ reason: 'stale', retryAt: START + 3_500_000 + 30_000 })
  })

  it('a success starts the back-off over', async () => {
    const times: number[] = []
    const { source, clock } = rig({ failureBackoff: (retry) => retry * 1_000 }, async (nth) => {
      times.push(clock.now() - START)
      if (nth !== 3) throw new Error('down')
      return makeToken({ value: 't', issuedAt: clock.now(), expiresAt: clock.now() + 1_000 })
    })
    for (let nth = 0; nth < 60; nth++) {
      await source.get().catch(() => {})
      await clock.advance(100)
    }
    // After 1 s and 2 s the third succeeds; the one in the background fails, and is tried again after 1 s.
    expect(times).toEqual([0, 1_000, 3_000, 3_800, 4_800])
  })

  it('what was refused for good is not asked for again until reset()', async () => {
    const refusal = Object.assign(new Error('refused'), { error: 'invalid_grant' })
    const { source, requests, clock } = rig({}, async (nth) => {
      if (nth === 1) throw new Error('wrapped', { cause: refusal })
      return hour(`t${nth}`, clock)
    })
    const error = await failureOf(source.get())
    expect(error).toMatchObject({ code: 'FETCHSTACK_TOKEN_TERMINAL', cause: { cause: refusal } })
    await clock.advance(1e10)
    expect(await failureOf(source.get())).toBe(error)
    expect(await failureOf(source.replace(makeToken({ value: 'x' })))).toBe(error)
    expect(requests).toHaveLength(1)
    source.reset()
    expect(text(await source.get())).toBe('t2')
  })

  it.each(['invalid_grant', 'invalid_client', 'unauthorized_client', 'unsupported_grant_type'])(
    '%s is for good, as error and as code',
    async (name) => {
      for (const fields of [{ error: name }, { code: name }]) {
        const { source } = rig({}, async () => Promise.reject(Object.assign(new Error('no'), fields)))
        expect(await failureOf(source.get())).toMatchObject({ code: 'FETCHSTACK_TOKEN_TERMINAL' })
      }
    },
  )

  it.each([[Object.assign(new Error('no'), { error: 'invalid_scope' })], ['a text'], [undefined], [null]])(
    '%s is not for good',
    async (thrown) => {
      const { source } = rig({}, async () => Promise.reject(thrown))
      expect(await failureOf(source.get())).toMatchObject({ code: 'FETCHSTACK_TOKEN_REFRESH', cause: thrown })
    },
  )

  it('a token that is still good is given after a refusal for good', async () => {
    const { source, requests, clock } = rig({ terminal: () => true }, async (nth) => {
      if (nth > 1) throw new Error('no')
      return hour('t1', clock)
    })
    await source.get()
    await clock.advance(3_600_000 - 60_000)
    for (let nth = 0; nth < 5; nth++) expect(text(await source.get())).toBe('t1')
    await clock.advance(60_000)
    expect(await failureOf(source.get())).toMatchObject({ code: 'FETCHSTACK_TOKEN_TERMINAL' })
    expect(requests).toHaveLength(2)
  })

  it.each([[undefined], [null], ['hush'], [{ value: 'hush', issuedAt: 0, type: 7 }], [{ value: '', type: 'a' }]])(
    'a refresh that gives garbage is named, without showing it: %j',
    async (given) => {
      const { source } = rig({}, async () => given as unknown as Token)
      const error = await failureOf(source.get())
      if (given !== null && typeof given === 'object' && given.value === 'hush' && !('type' in given)) return
      expect(error).toMatchObject({ code: 'FETCHSTACK_TOKEN_INVALID' })
      expect(`${String(error)} ${String((error as TokenError).cause)}`).not.toContain('hush')
    },
  )

  it('a refresh that throws before it gives a promise is a failure like any other', async () => {
    const source = tokenSource(() => {
      throw new Error('at once')
    })
    expect(await failureOf(source.get())).toMatchObject({ code: 'FETCHSTACK_TOKEN_REFRESH' })
  })

  it('what onEvent throws changes nothing', async () => {
    const { source } = rig({
      onEvent: () => {
        throw new Error('mine')
      },
    })
    expect(text(await source.get())).toBe('t1')
  })

  it('nor does the promise of an onEvent that is async', async () => {
    const unhandled = vi.fn()
    const rejects: unknown = async () => Promise.reject(new Error('mine'))
    process.on('unhandledRejection', unhandled)
    const { source } = rig({ onEvent: rejects as TokenSourceOptions['onEvent'] & object })
    await source.get()
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('a clock that is set back does not make the back-off longer', async () => {
    const set = { back: 0 }
    const inner = fakeClock({ now: START })
    const clock = { ...inner, now: () => inner.now() - set.back, setTimeout: inner.setTimeout.bind(inner) }
    const refresh = vi.fn(async () => Promise.reject(new Error('down')))
    const source = tokenSource(refresh, { clock, failureBackoff: constant(1_000) })
    await failureOf(source.get())
    set.back = 1e9
    await failureOf(source.get())
    expect(refresh).toHaveBeenCalledTimes(1)
    await inner.advance(1_000)
    await failureOf(source.get())
    expect(refresh).toHaveBeenCalledTimes(2)
  })

  it('nor the cool-down', async () => {
    const set = { back: 0 }
    const inner = fakeClock({ now: START })
    const clock = { ...inner, now: () => inner.now() - set.back, setTimeout: inner.setTimeout.bind(inner) }
    const refresh = vi.fn(async () => makeToken({ value: 'same' }))
    const source = tokenSource(refresh, { clock })
    const token = await source.get()
    await source.replace(token)
    set.back = 1e9
    await source.replace(token)
    expect(refresh).toHaveBeenCalledTimes(2)
    await inner.advance(30_000)
    await source.replace(token)
    expect(refresh).toHaveBeenCalledTimes(3)
  })
})

describe('the flight and its callers', () => {
  it('the abort of a caller ends its own wait at once, with its reason, and no other', async () => {
    const { promise, resolve } = gate()
    let signal: AbortSignal | undefined
    const { source, clock } = rig({}, async (nth, request) => {
      signal = request.signal
      await promise
      return hour(`t${nth}`, clock)
    })
    const mine = new AbortController()
    const aborted = failureOf(source.get({ signal: mine.signal }))
    const other = source.get({ signal: new AbortController().signal })
    await clock.advance(0)
    const reason = new Error('enough')
    mine.abort(reason)
    expect(await aborted).toBe(reason)
    expect(signal?.aborted).toBe(false)
    resolve()
    expect(text(await other)).toBe('t1')
  })

  it('a signal that is aborted already asks nobody', async () => {
    const { source, requests } = rig()
    const reason = new Error('before')
    expect(await failureOf(source.get({ signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(await failureOf(source.replace(makeToken({ value: 'x' }), { signal: AbortSignal.abort(reason) }))).toBe(
      reason,
    )
    expect(requests).toHaveLength(0)
  })

  it('no listener is left on a signal, and no timer', async () => {
    const { signal } = new AbortController()
    const { source, clock } = rig()
    for (let nth = 0; nth < 10; nth++) await source.replace(await source.get({ signal }), { signal })
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(clock.pending).toBe(0)
    const failing = rig({}, async () => Promise.reject(new Error('down')))
    await failureOf(failing.source.get({ signal }))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(failing.clock.pending).toBe(0)
  })

  it('a refresh that takes too long is aborted, and everybody told', async () => {
    let signal: AbortSignal | undefined
    const { source, clock } = rig({ flightTimeout: 7_000 }, (_, request) => {
      signal = request.signal
      return new Promise(() => {})
    })
    const error = failureOf(source.get())
    await clock.advance(7_000)
    expect(await error).toMatchObject({
      code: 'FETCHSTACK_TOKEN_TIMEOUT',
      message: 'The refresh of the token took longer than 7000 ms.',
    })
    expect(signal?.reason).toBe(await error)
  })

  it('a refresh is not sent when the time is up already, as after a sleep of the machine', async () => {
    const { promise, resolve } = gate<undefined>()
    const real = fakeClock({ now: START })
    let jump = 0
    const clock = {
      ...real,
      now: () => real.now() + jump,
      setTimeout: real.setTimeout,
      clearTimeout: real.clearTimeout,
    }
    const requests: unknown[] = []
    const store = { ...memoryStore(), load: () => promise }
    const source = tokenSource(async (request) => requests.push(request) as never, { clock, store })
    const error = failureOf(source.get())
    jump = 30_000
    resolve(undefined)
    expect(await error).toMatchObject({ code: 'FETCHSTACK_TOKEN_TIMEOUT' })
    expect([requests.length, real.pending]).toEqual([0, 0])
  })

  it('a token that comes too late for those who waited is kept for the next', async () => {
    const { promise, resolve } = gate<Token>()
    const { source, clock, requests } = rig({}, () => promise)
    const error = failureOf(source.get())
    await clock.advance(30_000)
    expect(await error).toBeInstanceOf(TokenError)
    resolve(hour('late', clock))
    await clock.advance(0)
    expect(text(await source.get())).toBe('late')
    expect(requests).toHaveLength(1)
  })

  it('peek gives the current token without asking', async () => {
    const { source, requests } = rig()
    expect(source.peek()).toBeUndefined()
    const token = await source.get()
    expect(source.peek()).toBe(token)
    expect(requests).toHaveLength(1)
  })

  it('reset during a refresh: who waits gets its token, the source does not', async () => {
    const first = gate<Token>()
    const { source, clock } = rig({}, async (nth) => (nth === 1 ? first.promise : hour('second', clock)))
    const waiting = source.get()
    await clock.advance(0)
    expect(source.busy).toBe(true)
    source.reset()
    expect(source.busy).toBe(false)
    expect(text(await source.get())).toBe('second')
    first.resolve(hour('first', clock))
    expect(text(await waiting)).toBe('first')
    expect(text(source.peek()!)).toBe('second')
  })
})

describe('what a refresh is told', () => {
  it('the current token is there, and keeps its refresh token where the server gives no new one', async () => {
    const { source, clock, requests } = rig({}, async (nth) =>
      nth === 1 ? hour('t1', clock, { refreshToken: 'r1', scope: 'a' }) : hour(`t${nth}`, clock),
    )
    await source.get()
    await clock.advance(3_600_000)
    const second = await source.get()
    expect(requests[1]!.current?.refreshToken?.reveal()).toBe('r1')
    expect(second.refreshToken?.reveal()).toBe('r1')
    expect(second.scope).toBe('a')
  })

  it('a scope that is missing is asked for beside those there are, once for all, and with every refresh after it', async () => {
    const { source, clock, requests, reasons } = rig({}, async (nth, { scope }) =>
      hour(`t${nth}`, clock, { scope: scope ?? 'read' }),
    )
    await source.get()
    const tokens = await Promise.all([
      source.get({ scope: 'write' }),
      source.get({ scope: 'write read' }),
      source.get({ scope: 'read' }),
    ])
    expect(tokens.map(text)).toEqual(['t2', 't2', 't1'])
    expect(requests[1]!.scope).toBe('read write')
    await clock.advance(3_600_000)
    await source.get()
    expect(requests[2]!.scope).toBe('read write')
    expect(reasons()).toEqual(['missing', 'scope', 'expired'])
  })

  it('a scope that the server does not grant is not asked for again during the cool-down', async () => {
    const { source, clock, requests } = rig({}, async (nth) => hour(`t${nth}`, clock, { scope: 'read' }))
    await source.get()
    for (let nth = 0; nth < 10; nth++) await source.get({ scope: 'admin' })
    expect(requests).toHaveLength(2)
    await clock.advance(30_000)
    await source.get({ scope: 'admin' })
    expect(requests).toHaveLength(3)
    await clock.advance(3_600_000)
    await source.get()
    expect(requests[3]!.scope).toBeUndefined()
  })

  it('each of several scopes that are not granted is asked for once', async () => {
    const { source, clock, requests } = rig({}, async (nth) => hour(`t${nth}`, clock, { scope: 'read' }))
    await source.get()
    for (let nth = 0; nth < 10; nth++) for (const scope of ['admin', 'write', 'delete']) await source.get({ scope })
    expect(requests).toHaveLength(4)
  })

  it('a scope is a whole word, and nothing known covers only nothing', async () => {
    const { source, clock, requests } = rig({}, async (nth, { scope }) =>
      hour(`t${nth}`, clock, { scope: scope || 'reader' }),
    )
    await source.get({ scope: '' })
    await source.get({ scope: 'read' })
    expect(requests.map(({ scope }) => scope)).toEqual(['', 'reader read'])
  })

  it('a server that names no scope granted the one it was asked for', async () => {
    const { source, requests, clock } = rig({}, async (nth) => hour(`t${nth}`, clock))
    expect((await source.get({ scope: 'write' })).scope).toBe('write')
    await source.get({ scope: 'write' })
    expect(requests).toHaveLength(1)
  })
})

describe('options', () => {
  it.each([
    [{ refreshAhed: 1 }, 'refreshAhed'],
    [{ refreshAhead: -1 }, 'refreshAhead'],
    [{ expireAhead: Number.NaN }, 'expireAhead'],
    [{ refreshAhead: 1_000, expireAhead: 2_000 }, 'expireAhead'],
    [{ failureBackoff: 3 }, 'failureBackoff'],
    [{ sameTokenCooldown: '1' }, 'sameTokenCooldown'],
    [{ flightTimeout: Infinity }, 'flightTimeout'],
    [{ flightTimeout: 1_000, lockTimeout: 2_000 }, 'lockTimeout'],
    [{ terminal: true }, 'terminal'],
    [{ onEvent: 1 }, 'onEvent'],
    [{ random: 1 }, 'random'],
    [{ clock: {} }, 'clock'],
    [{ store: {} }, 'store'],
    [{ store: { load: 1, compareAndSet() {} } }, 'store'],
    [{ lock: true }, 'lock'],
  ])('%j is refused', (options, option) => {
    const make = () => tokenSource(async () => makeToken({ value: 'a' }), options as never)
    expect(make).toThrow(OptionError)
    expect(make).toThrow(expect.objectContaining({ owner: 'tokenSource', option }))
  })

  it('a refresh that is no function is refused', () => {
    expect(() => tokenSource('hush' as never)).toThrow('refresh must be a function, got "[secret]"')
  })
})
