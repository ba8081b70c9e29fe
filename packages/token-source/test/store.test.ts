import { OptionError } from '@fetchstack/options'
import { describe, expect, it } from 'vitest'
import {
  decodeToken,
  encodeToken,
  makeToken,
  memoryStore,
  type StoredToken,
  type Token,
  type TokenLock,
  type TokenStore,
  tokenSource,
} from '../src/index.ts'
import { failureOf, gate, hour, rig, START, text } from './helpers.ts'

const invalidGrant = () => Object.assign(new Error('refused'), { error: 'invalid_grant' })

/** A lock for one process: first come, first served. */
function queueLock(): TokenLock & { waiting: number } {
  let last: Promise<unknown> = Promise.resolve()
  const lock = async <T>(work: () => Promise<T>): Promise<T> => {
    lock.waiting++
    const before = last
    const { promise, resolve } = gate()
    last = promise
    await before
    lock.waiting--
    return work().finally(resolve)
  }
  lock.waiting = 0
  return lock
}

describe('a store', () => {
  it('a token that is in it is taken, and nobody asked', async () => {
    const { clock } = rig()
    const { source, requests } = rig({ store: memoryStore(hour('stored', clock)) })
    expect(text(await source.get())).toBe('stored')
    expect(requests).toHaveLength(0)
  })

  it('what another process refreshed is taken when ours has ended', async () => {
    const store = memoryStore()
    const one = rig({ store })
    const two = rig({ store })
    await one.source.get()
    await two.source.get()
    await Promise.all([one.clock.advance(3_600_000), two.clock.advance(3_600_000)])
    expect(text(await one.source.get())).toBe('t2')
    expect(text(await two.source.get())).toBe('t2')
    expect(one.reasons()).toEqual(['missing', 'expired'])
    expect(two.requests).toHaveLength(0)
  })

  it('what another process refreshed is taken after a 401, without asking', async () => {
    const store = memoryStore()
    const one = rig({ store })
    const two = rig({ store })
    const old = await one.source.get()
    expect(await two.source.get()).toEqual(old)
    await one.source.replace(old)
    expect(text(await two.source.replace(old))).toBe('t2')
    expect(two.requests).toHaveLength(0)
  })

  it('the refresh token of the store is used, not the one in memory', async () => {
    const store = memoryStore()
    const one = rig({ store }, async (nth) => hour(`one${nth}`, one.clock, { refreshToken: `one-r${nth}` }))
    const two = rig({ store }, async (nth) => hour(`two${nth}`, two.clock, { refreshToken: `two-r${nth}` }))
    await one.source.get()
    const seen = await two.source.get()
    await one.source.replace(seen)
    const newest = one.source.peek()!
    // It knows only the first, and is told that the newest is rejected too.
    expect(text(await two.source.replace(seen))).toBe('one2')
    await two.source.replace(newest)
    expect(two.requests[0]!.current?.refreshToken?.reveal()).toBe('one-r2')
  })

  it('a new token is written before anybody gets it', async () => {
    const { promise, resolve } = gate()
    const inner = memoryStore()
    const store: TokenStore = {
      load: () => inner.load(),
      compareAndSet: async (...args) => {
        await promise
        return inner.compareAndSet(...args)
      },
    }
    const { source, clock } = rig({ store })
    let got = false
    const waiting = source.get().then(() => {
      got = true
    })
    await clock.advance(100)
    expect([got, source.peek()]).toEqual([false, undefined])
    resolve()
    await waiting
    expect((await inner.load())?.token).toBe(source.peek())
  })

  it('whoever loses the race takes the token of the winner', async () => {
    const inner = memoryStore()
    const { source, clock, requests } = rig({ store: inner }, async () => {
      await inner.compareAndSet(undefined, hour('winner', clock))
      return hour('loser', clock)
    })
    expect(text(await source.get())).toBe('winner')
    expect(text(await source.get())).toBe('winner')
    expect(requests).toHaveLength(1)
  })

  it('a winner whose token has ended does not have every call ask again', async () => {
    const clock = rig().clock
    const ended = { token: makeToken({ value: 'ended', issuedAt: START - 2, expiresAt: START - 1 }), version: '1' }
    const store: TokenStore = { load: async () => ended, compareAndSet: async () => ({ won: false, stored: ended }) }
    const { source, requests } = rig({ store }, async () => hour('loser', clock))
    for (let nth = 0; nth < 10; nth++) expect(text(await source.get())).toBe('ended')
    expect(requests).toHaveLength(1)
  })

  it('after a refusal for good it is read once more: another process may have rotated the refresh token', async () => {
    const inner = memoryStore()
    const { source, clock } = rig({ store: inner }, async () => {
      await inner.compareAndSet(undefined, hour('theirs', clock))
      throw invalidGrant()
    })
    expect(text(await source.get())).toBe('theirs')
    const alone = rig({ store: memoryStore() }, async () => Promise.reject(invalidGrant()))
    expect(await failureOf(alone.source.get())).toMatchObject({ code: 'FETCHSTACK_TOKEN_TERMINAL' })
  })

  it('a token that could not be written is not given out, not lost, and written later without asking again', async () => {
    const inner = memoryStore()
    let broken = true
    const store: TokenStore = {
      load: () => inner.load(),
      compareAndSet: async (...args) =>
        broken ? Promise.reject(new Error('disk full')) : inner.compareAndSet(...args),
    }
    const { source, clock, requests } = rig({ store })
    expect(await failureOf(source.get())).toMatchObject({
      code: 'FETCHSTACK_TOKEN_STORE',
      message: 'The store of the token could not be written.',
      cause: new Error('disk full'),
    })
    broken = false
    await clock.advance(30_000)
    expect(text(await source.get())).toBe('t1')
    expect(requests).toHaveLength(1)
    expect(text((await inner.load())!.token)).toBe('t1')
  })

  it('a token that could not be written and has ended is refreshed with its own refresh token', async () => {
    const inner = memoryStore()
    let broken = true
    const store: TokenStore = {
      load: () => inner.load(),
      compareAndSet: async (...args) =>
        broken ? Promise.reject(new Error('disk full')) : inner.compareAndSet(...args),
    }
    const { source, clock, requests } = rig({ store }, async (nth) =>
      hour(`t${nth}`, clock, { refreshToken: `r${nth}` }),
    )
    await failureOf(source.get())
    broken = false
    await clock.advance(4_000_000)
    expect(text(await source.get())).toBe('t2')
    expect(requests[1]!.current?.refreshToken?.reveal()).toBe('r1')
  })

  it('one that can not be read is a failure with a code, and the refresh is not started', async () => {
    const store: TokenStore = { ...memoryStore(), load: async () => Promise.reject(new Error('gone')) }
    const { source, requests } = rig({ store })
    expect(await failureOf(source.get())).toMatchObject({ code: 'FETCHSTACK_TOKEN_STORE', cause: new Error('gone') })
    expect(requests).toHaveLength(0)
  })

  it('its lock is called as its method', async () => {
    class Store implements TokenStore {
      readonly inner = memoryStore()
      locked = 0
      load(): Promise<StoredToken | undefined> {
        return this.inner.load()
      }
      compareAndSet(version: string | undefined, next: Token) {
        return this.inner.compareAndSet(version, next)
      }
      lock<T>(work: () => Promise<T>): Promise<T> {
        this.locked++
        return work()
      }
    }
    const store = new Store()
    await rig({ store }).source.get()
    expect(store.locked).toBe(1)
    await rig({ store: new Store(), lock: false }).source.get()
    expect(store.locked).toBe(1)
  })

  it('reset reads it anew', async () => {
    const { clock } = rig()
    const store = memoryStore(hour('first', clock))
    const { source, requests } = rig({ store })
    await source.get()
    await store.compareAndSet('0', hour('login', clock))
    expect(text(await source.get())).toBe('first')
    source.reset()
    expect(source.peek()).toBeUndefined()
    expect(text(await source.get())).toBe('login')
    expect(requests).toHaveLength(0)
  })
})

describe('a lock', () => {
  it('under it 20 sources of one store refresh once', async () => {
    const store = memoryStore()
    const lock = queueLock()
    const rigs = Array.from({ length: 20 }, () => rig({ store, lock }))
    const tokens = await Promise.all(rigs.flatMap(({ source }) => [source.get(), source.get()]))
    expect(new Set(tokens.map(text)).size).toBe(1)
    expect(rigs.flatMap(({ requests }) => requests)).toHaveLength(1)
    const rejected = tokens[0]!
    await Promise.all(rigs.map(({ source }) => source.replace(rejected)))
    expect(rigs.flatMap(({ requests }) => requests)).toHaveLength(2)
  })

  it('under it no refresh token is sent twice, whatever 5 sources do at the same time', async () => {
    const store = memoryStore()
    const lock = queueLock()
    const sent: string[] = []
    let last = 0
    const rigs = Array.from({ length: 5 }, () => {
      const one = rig({ store, lock, sameTokenCooldown: 0, failureBackoff: () => 0 }, async (_, { current }) => {
        const used = current?.refreshToken?.reveal() ?? 'r0'
        expect(sent).not.toContain(used)
        sent.push(used)
        await one.clock.advance(0)
        return hour(`t${++last}`, one.clock, { refreshToken: `r${last}` })
      })
      return one
    })
    for (let round = 0; round < 20; round++) {
      await Promise.all(rigs.map(async ({ source }) => source.replace(await source.get())))
    }
    expect(sent.length).toBeGreaterThan(10)
  })

  it('one that never comes ends with its code, bounded, and its work is not begun later', async () => {
    let begin: (() => Promise<unknown>) | undefined
    let signal: AbortSignal | undefined
    const lock: TokenLock = (work, bounds) => {
      begin = work
      ;({ signal } = bounds)
      return new Promise(() => {})
    }
    const { source, clock, requests } = rig({ lock, lockTimeout: 2_000 })
    const error = failureOf(source.get())
    await clock.advance(2_000)
    expect(await error).toMatchObject({
      code: 'FETCHSTACK_TOKEN_LOCK',
      message: 'The lock of the token did not come within 2000 ms.',
    })
    expect(signal?.aborted).toBe(true)
    expect(await failureOf(begin!())).toBe(await error)
    expect([requests.length, clock.pending]).toEqual([0, 0])
  })

  it('a failing one is named, with its cause', async () => {
    const { source } = rig({ lock: async () => Promise.reject(new Error('no server')) })
    expect(await failureOf(source.get())).toMatchObject({
      code: 'FETCHSTACK_TOKEN_LOCK',
      cause: new Error('no server'),
    })
  })

  it('what the refresh throws under it comes through', async () => {
    const { source } = rig({ lock: (work) => work() }, async () => Promise.reject(new Error('down')))
    expect(await failureOf(source.get())).toMatchObject({ code: 'FETCHSTACK_TOKEN_REFRESH', cause: new Error('down') })
  })

  it('its lease is longer than a refresh may take', async () => {
    let lease = 0
    const { source } = rig({
      flightTimeout: 20_000,
      lock: (work, bounds) => {
        ;({ lease } = bounds)
        return work()
      },
    })
    await source.get()
    expect(lease).toBe(25_000)
  })
})

describe('makeToken', () => {
  it('wraps its secrets, is frozen and a Bearer', () => {
    const token = makeToken({
      value: 'hush',
      refreshToken: 'hush-too',
      expiresAt: START,
      issuedAt: START - 1,
      scope: 'a b',
    })
    expect(Object.isFrozen(token)).toBe(true)
    expect(JSON.stringify(token)).not.toContain('hush')
    expect(token).toMatchObject({ type: 'Bearer', expiresAt: START, issuedAt: START - 1, scope: 'a b' })
    expect(token.refreshToken?.reveal()).toBe('hush-too')
  })

  it('what is encoded is decoded as it was', () => {
    for (const token of [
      makeToken({ value: 'a"\u00e4' }),
      makeToken({ value: 'a', type: 'DPoP', refreshToken: 'b', expiresAt: 1, issuedAt: 0, scope: '' }),
    ]) {
      const again = decodeToken(encodeToken(token))
      expect(again).toEqual(token)
      expect(again!.value.reveal()).toBe(token.value.reveal())
      expect(again!.refreshToken?.reveal()).toBe(token.refreshToken?.reveal())
    }
  })

  it.each(['', '{', 'null', '7', '{}', '{"value":7}', '{"value":"a","expiresAt":"soon"}'])('%j is no token', (json) => {
    expect(decodeToken(json)).toBeUndefined()
  })

  it.each([
    [undefined, ''],
    [{ value: '' }, 'value'],
    [{ value: 7 }, 'value'],
    [{ value: 'hush', refreshToken: '' }, 'refreshToken'],
    [{ value: 'hush', type: 1 }, 'type'],
    [{ value: 'hush', scope: ['a'] }, 'scope'],
    [{ value: 'hush', expiresAt: Number.NaN }, 'expiresAt'],
    [{ value: 'hush', issuedAt: null }, 'issuedAt'],
    [{ value: 'hush', expires_in: 3_600 }, 'expires_in'],
  ])('%j is refused, and shows no secret', (fields, option) => {
    const make = () => makeToken(fields as never)
    expect(make).toThrow(OptionError)
    expect(make).toThrow(expect.objectContaining({ owner: 'makeToken', option }))
    expect(make).not.toThrow(/hush/)
  })
})

it('without a store nothing is shared between two sources', async () => {
  const refresh = async () => makeToken({ value: String(Math.random()) })
  expect(text(await tokenSource(refresh).get())).not.toBe(text(await tokenSource(refresh).get()))
})
