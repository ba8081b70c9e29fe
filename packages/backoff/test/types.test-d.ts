import { assertType, expectTypeOf, test } from 'vitest'
import {
  constant,
  exponential,
  type HintReader,
  type HintResponse,
  jittered,
  linear,
  retryAfter,
  type Schedule,
  type ServerHint,
  sequence,
  serverHint,
  sum,
} from '../src/index.ts'
import { presets } from '../src/presets.ts'
import { rateLimit } from '../src/rate-limit.ts'

test('a schedule may leave out what it does not need', () => {
  assertType<Schedule>((retry) => retry * 1000)
  assertType<Schedule>(() => 0)
  // @ts-expect-error -- a wait is a number
  assertType<Schedule>(() => '100')
  // @ts-expect-error -- nobody waits for the wait
  assertType<Schedule>(async () => 100)
})

test('options are named in full', () => {
  // @ts-expect-error -- unknown option
  exponential({ base: 100 })
  // @ts-expect-error -- unknown jitter
  exponential({ jitter: 'half' })
  // @ts-expect-error -- the step is required
  linear({ maxDelay: 5 })
  // @ts-expect-error -- unknown jitter
  jittered(constant(1), 'half')
})

test('a sequence ends in a schedule that stands alone', () => {
  sequence(constant(1))
  sequence([1, constant(1)], [2, constant(2)], constant(3))
  // @ts-expect-error -- the last part is a pair
  void (() => sequence([1, constant(1)]))
  // @ts-expect-error -- a part before the last is no pair
  void (() => sequence(constant(1), constant(2)))
  // @ts-expect-error -- nothing to sum up
  void (() => sum())
})

test('a Response has all that is read', () => {
  expectTypeOf<Response>().toExtend<HintResponse>()
  expectTypeOf(serverHint(new Response(), { now: 0, readers: [rateLimit, retryAfter] })).toEqualTypeOf<ServerHint>()
  assertType<HintReader>(rateLimit)
  assertType<HintReader>(retryAfter)
})

test('presets can not be changed', () => {
  // @ts-expect-error -- readonly
  void (() => (presets.got = presets.ky))
})
