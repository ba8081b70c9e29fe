import { HandlerStack } from '@fetchstack/handler-stack'
import { expectTypeOf, it } from 'vitest'
import { type Explanation, explain, type RetryCallOptions, retry } from '../src/index.ts'

it('types the options of one call', () => {
  const api = HandlerStack.create().push(retry()).toFetch()
  void api('https://api.example.com', { fetchstack: { retry: { maxAttempts: 2 } } })
  void api('https://api.example.com', { fetchstack: { retry: false } })
  // @ts-expect-error A wrong type.
  void api('https://api.example.com', { fetchstack: { retry: { maxAttempts: '2' } } })
  // @ts-expect-error A budget belongs to the stack; one call can only go without.
  void api('https://api.example.com', { fetchstack: { retry: { budget: {} } } })
  // @ts-expect-error An unknown layer.
  void api('https://api.example.com', { fetchstack: { retri: false } })
})

it('types the options of the middleware', () => {
  // @ts-expect-error An unknown option.
  retry({ maxAttempt: 3 })
  // @ts-expect-error A decider gives a boolean.
  retry(() => 'yes')
  expectTypeOf(explain).returns.toEqualTypeOf<Explanation | undefined>()
  expectTypeOf<false>().toExtend<RetryCallOptions>()
})
