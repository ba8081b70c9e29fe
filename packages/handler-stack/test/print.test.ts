import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type AnyStack, defineMiddleware, fetchHandler, HandlerStack, type Middleware } from '../src/index.ts'

const timeout = (label: string) => defineMiddleware({ name: 'timeout', label }, (next) => next)
const retry = (reenters: number) =>
  defineMiddleware({ name: 'retry', label: `retry(${reenters} attempts)`, reenters }, (next) => next)
const anonymous = (): Middleware => (next) => next
const sign: Middleware = (next) => next

function lines(stack: AnyStack): string[] {
  return String(stack).split('\n')
}

describe('toString', () => {
  test('prints the way in, the handler and the way out, and how often each layer runs', () => {
    const stack = HandlerStack.create()
      .push(timeout('timeout(30 s)'), 'total-timeout')
      .push(retry(3))
      .push(timeout('timeout(10 s)'), 'attempt-timeout')
      .push(sign)
    expect(lines(stack)).toEqual([
      '> 4) total-timeout    once           timeout(30 s)',
      '> 3) retry            once           retry(3 attempts)',
      '> 2) attempt-timeout  up to 3 times  timeout(10 s)',
      '> 1) sign             up to 3 times',
      '= 0) fetch            up to 3 times',
      '< 1) sign             up to 3 times',
      '< 2) attempt-timeout  up to 3 times',
      '< 3) retry            once',
      '< 4) total-timeout    once',
    ])
  })

  test('prints nested stacks layer by layer, with their path', () => {
    const resilience = new HandlerStack().push(retry(2)).push(new HandlerStack().push(sign), 'auth')
    expect(lines(HandlerStack.create().push(resilience, 'resilience').push(retry(2), 'again'))).toEqual([
      '> 3) resilience/retry      once           retry(2 attempts)',
      '> 2) resilience/auth/sign  up to 2 times',
      '> 1) again                 up to 2 times  retry(2 attempts)',
      '= 0) fetch                 up to 4 times',
      '< 1) again                 up to 2 times',
      '< 2) resilience/auth/sign  up to 2 times',
      '< 3) resilience/retry      once',
    ])
  })

  test('prints the conditions of layers and of nested stacks', () => {
    const isPost = (): boolean => true
    const stack = HandlerStack.create()
      .when(isPost, new HandlerStack().push(sign), 'post')
      .when(() => true, sign, 'sometimes')
    expect(lines(stack).slice(0, 2)).toEqual(['> 2) post when isPost/sign  once', '> 1) sometimes when …       once'])
  })

  test('prints a stack without layers, without a handler, and a layer without a name', () => {
    expect(String(new HandlerStack())).toBe('= 0) (no handler)  once')
    expect(String(new HandlerStack(() => Promise.reject(new Error('never'))))).toBe('= 0) (no name)  once')
    expect(lines(new HandlerStack().push(anonymous()))[0]).toBe('> 1) (no name)     once')
  })

  test('prints that there is no bound where there is none', () => {
    expect(lines(HandlerStack.create().push(retry(Infinity)))[1]).toBe('= 0) fetch  any number')
  })

  test('names the handler: a fetch by its own name, fetch by default', () => {
    expect(
      String(
        HandlerStack.create(
          fetchHandler(async function undiciFetch() {
            return new Response()
          }),
        ),
      ),
    ).toBe('= 0) undiciFetch  once')
    expect(String(HandlerStack.create())).toBe('= 0) fetch  once')
    expect(
      String(
        HandlerStack.create(function mock() {
          return Promise.reject(new Error('mock'))
        }),
      ),
    ).toBe('= 0) mock  once')
  })

  test('is what the console prints', () => {
    const stack = HandlerStack.create().push(retry(3))
    expect(inspect(stack)).toBe(String(stack))
    expect(inspect({ stack })).toContain('> 1) retry')
  })
})
