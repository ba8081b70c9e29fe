import type { Clock, Handler } from '@fetchstack/handler-stack'
import { expectTypeOf, it } from 'vitest'
import { type FakeClock, faults, fixedRandom, type MockHandler, type MockOutcome, mockHandler } from '../src/index.ts'

it('a mock handler is a handler', () => {
  expectTypeOf<MockHandler>().toExtend<Handler>()
})

it('a fake clock is a clock', () => {
  expectTypeOf<FakeClock>().toExtend<Clock>()
})

it('a fixed random source is one', () => {
  expectTypeOf(fixedRandom(0.5)).toEqualTypeOf<() => number>()
})

it('what is no outcome does not compile', () => {
  expectTypeOf('200').not.toExtend<MockOutcome>()
  expectTypeOf(() => 'ok').not.toExtend<MockOutcome>()
  // @ts-expect-error A string is none.
  mockHandler(['200'])
})

it('a delayed fault stays what it is', () => {
  expectTypeOf(faults.delayed(1, faults.reset())).toEqualTypeOf(faults.reset())
  // @ts-expect-error A fault has a kind that is known.
  faults.early({ kind: 'refuse' })
})
