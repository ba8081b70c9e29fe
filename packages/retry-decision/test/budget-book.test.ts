import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Budget, budgetBook, ratioBudget, tokenBucket } from '../src/index.ts'

/** Counts its events; allows while there were fewer than three. */
const counting: Budget = {
  name: 'counting',
  initial: (now) => ({ since: now, count: 0 }),
  reduce: (state, { type }) => (type === 'success' ? state : { ...state, count: Number(state['count']) + 1 }),
  allows: ({ count }) => Number(count) < 3,
}

describe('budgetBook', () => {
  it('keeps a state for each key', () => {
    const book = budgetBook(counting)
    for (const at of [5, 6, 7]) book.record('https://a.example', { type: 'retry', at })
    book.record('https://b.example', { type: 'retry', at: 8 })
    expect(book.state('https://a.example')).toEqual({ since: 5, count: 3 })
    expect(book.state('https://b.example')).toEqual({ since: 8, count: 1 })
    expect(book.allows('https://a.example', 9)).toBe(false)
    expect(book.allows('https://b.example', 9)).toBe(true)
  })

  it('knows nothing of a key without events, and allows it', () => {
    const book = budgetBook(counting)
    expect(book.state('x')).toBeUndefined()
    expect(book.allows('x', 0)).toBe(true)
    book.record('x', { type: 'success', at: 4 })
    expect(book.state('x')).toEqual({ since: 4, count: 0 })
  })

  it('keeps a state that did not change as it is', () => {
    const book = budgetBook(counting)
    book.record('x', { type: 'request', at: 0 })
    const before = book.state('x')
    book.record('x', { type: 'success', at: 1 })
    expect(book.state('x')).toBe(before)
  })

  it('passes the category on', () => {
    const book = budgetBook(tokenBucket({ capacity: 14 }))
    book.record('x', { type: 'retry', at: 0, category: 'throttled' })
    expect(book.state('x')).toEqual({ tokens: 9 })
    expect(book.allows('x', 0, 'throttled')).toBe(true)
    expect(book.allows('x', 0, 'gateway')).toBe(false)
  })

  it('shows the budget it was made of', () => {
    expect(budgetBook(counting).budget).toBe(counting)
  })

  it('keeps what is in use and never more than `maxKeys`', () => {
    const key = fc.integer({ min: 0, max: 30 }).map(String)
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.array(key, { maxLength: 200 }), (maxKeys, uses) => {
        const book = budgetBook(counting, { maxKeys })
        for (const [index, used] of uses.entries()) {
          book.record(used, { type: 'request', at: index })
          const known = Array.from({ length: 31 }, (_, name) => String(name)).filter((name) => book.state(name))
          expect(known.length).toBeLessThanOrEqual(maxKeys)
          const recent = new Set<string>()
          for (let back = index; back >= 0 && recent.size < Math.floor(maxKeys / 2); back--) recent.add(uses[back]!)
          for (const name of recent) expect(known).toContain(name)
        }
      }),
    )
  })

  it('goes on counting for a key that moves from the older half to the younger', () => {
    const book = budgetBook(counting, { maxKeys: 4 })
    for (const name of ['a', 'b', 'c', 'a', 'd', 'a']) book.record(name, { type: 'request', at: 0 })
    expect(book.state('a')).toEqual({ since: 0, count: 3 })
  })

  it('forgets nobody for an event of a key that is in use', () => {
    const book = budgetBook(counting, { maxKeys: 2 })
    for (const name of ['a', 'b', 'b', 'b']) book.record(name, { type: 'request', at: 0 })
    expect(book.state('a')).toEqual({ since: 0, count: 1 })
    expect(book.state('b')).toEqual({ since: 0, count: 3 })
  })

  it.each<[string, () => unknown]>([
    ['maxKeys', () => budgetBook(counting, { maxKeys: 1 })],
    ['maxKeys', () => budgetBook(counting, { maxKeys: 2.5 })],
    ['max', () => budgetBook(counting, { max: 2 } as never)],
    ['budget', () => budgetBook(ratioBudget as never)],
    ['budget', () => budgetBook({ ...counting, reduce: undefined } as never)],
  ])('rejects a wrong %s', (option, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'OptionError', option }))
  })
})
