import { type DescribedMiddleware, HandlerStack, type HttpRequest } from '@fetchstack/handler-stack'
import { isTimeoutError, type TimeoutError, timeout } from '@fetchstack/timeout'
import { expectTypeOf, it } from 'vitest'

it('takes the milliseconds or options', () => {
  expectTypeOf(timeout(1_000)).toEqualTypeOf<DescribedMiddleware<'timeout', number | false>>()
  expectTypeOf(timeout({ after: 1_000, body: false })).toEqualTypeOf<DescribedMiddleware<'timeout', number | false>>()
  // @ts-expect-error The milliseconds are missing.
  timeout({ body: false })
  // @ts-expect-error No duration in words.
  timeout('10s')
  // @ts-expect-error No such option.
  timeout({ after: 1_000, ms: 1_000 })
})

it('types its per-call option under the name that it has in the stack', () => {
  const api = HandlerStack.create().push(timeout(30_000), 'total-timeout').push(timeout(10_000)).toFetch()
  const url = 'https://api.example.com/videos'
  expectTypeOf(api).toBeCallableWith(url, { fetchstack: { 'total-timeout': 60_000, timeout: false } })
  // @ts-expect-error `true` means nothing.
  void api(url, { fetchstack: { timeout: true } })
  // @ts-expect-error No layer has that name.
  void api(url, { fetchstack: { 'attempt-timeout': 1_000 } })
})

it('needs a name of its own when there are two of them', () => {
  // @ts-expect-error Two layers called "timeout".
  HandlerStack.create().push(timeout(30_000)).push(timeout(10_000))
})

it('narrows an error', () => {
  const error: unknown = undefined
  if (isTimeoutError(error)) {
    expectTypeOf(error).toEqualTypeOf<TimeoutError>()
    expectTypeOf(error.name).toEqualTypeOf<'TimeoutError'>()
    expectTypeOf(error.code).toEqualTypeOf<'FETCHSTACK_TIMEOUT'>()
    expectTypeOf(error.phase).toEqualTypeOf<'headers' | 'body'>()
    expectTypeOf(error.request).toEqualTypeOf<HttpRequest>()
    expectTypeOf(error.response).toEqualTypeOf<Response | undefined>()
  }
})
