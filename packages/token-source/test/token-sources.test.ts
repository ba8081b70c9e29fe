import { describe, expect, it } from 'vitest'
import { type Token, tokenSource, tokenSources } from '../src/index.ts'
import { gate, hour, rig, text } from './helpers.ts'

describe('tokenSources', () => {
  const named = (max: number) => {
    const { clock } = rig()
    const made: string[] = []
    const of = tokenSources(
      (tenant: string, _region?: string) => tenant,
      (tenant) => {
        made.push(tenant)
        return tokenSource(async () => hour(`of-${tenant}`, clock), { clock })
      },
      { max },
    )
    return { of, made }
  }

  it('each tenant has a source of its own, made once', async () => {
    const { of, made } = named(10)
    expect(text(await of('a').get())).toBe('of-a')
    expect(text(await of('b', 'eu').get())).toBe('of-b')
    expect(of('a')).toBe(of('a', 'us'))
    expect(made).toEqual(['a', 'b'])
  })

  it('the least recently used is dropped', () => {
    const { of, made } = named(2)
    of('a')
    of('b')
    of('a')
    of('c')
    of('a')
    of('b')
    expect(made).toEqual(['a', 'b', 'c', 'b'])
  })

  it('one that refreshes is kept until it is done', async () => {
    const { promise, resolve } = gate<Token>()
    const { clock } = rig()
    const made: string[] = []
    const of = tokenSources(
      (tenant: string) => tenant,
      (tenant) => {
        made.push(tenant)
        return tokenSource(() => promise, { clock })
      },
      { max: 1 },
    )
    const waiting = of('a').get()
    await clock.advance(0)
    of('b')
    const again = of('a').get()
    expect(made).toEqual(['a', 'b'])
    resolve(hour('t', clock))
    expect(await waiting).toBe(await again)
    of('b')
    of('a')
    expect(made).toEqual(['a', 'b', 'b', 'a'])
  })

  it.each([
    [[1, () => {}], 'key must be a function'],
    [[() => 1, 2], 'make must be a function'],
    [[() => 1, () => {}, { max: 0 }], 'max must be a whole number'],
    [[() => 1, () => {}, { maxx: 1 }], 'Did you mean "max"?'],
  ])('bad arguments are refused: %s', (args, message) => {
    expect(() => tokenSources(...(args as unknown as Parameters<typeof tokenSources>))).toThrow(message)
  })
})
