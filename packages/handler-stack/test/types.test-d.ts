import { describe, expectTypeOf, test } from 'vitest'
import {
  type AnyStack,
  type BodyFactory,
  Call,
  type DescribedMiddleware,
  defineMiddleware,
  HandlerStack,
  HttpRequest,
  key,
  type Middleware,
  type StackFetch,
  withOptions,
} from '../src/index.ts'
import { httpErrors, log } from '../src/middleware/index.ts'

interface RetryOption {
  readonly maxAttempts: number
}

declare const plain: Middleware
declare const retry: DescribedMiddleware<'retry', RetryOption>
declare const timeout: DescribedMiddleware<'timeout', number>
declare const cookies: DescribedMiddleware<'cookies'>
const url = 'https://api.example.com'

describe('names', () => {
  const stack = HandlerStack.create().push(plain, 'first').push(retry)

  test('that are not in the stack do not compile', () => {
    // @ts-expect-error -- not there
    stack.before('retri', plain)
    // @ts-expect-error -- not there
    stack.after('timeout', plain)
    // @ts-expect-error -- not there
    stack.replace('timeout', plain)
    // @ts-expect-error -- not there
    stack.remove('timeout')
    // @ts-expect-error -- nothing has a name
    HandlerStack.create().push(plain).before('plain', plain)
  })

  test('that are there compile, given and declared ones', () => {
    stack.before('first', plain).after('retry', plain).replace('retry', plain).remove('first')
  })

  test('that are taken do not compile', () => {
    // @ts-expect-error -- declared
    stack.push(retry)
    // @ts-expect-error -- declared
    stack.unshift(retry)
    // @ts-expect-error -- declared
    stack.before('first', retry)
    // @ts-expect-error -- declared
    stack.after('first', retry)
    // @ts-expect-error -- declared
    stack.when(() => true, retry)
    // @ts-expect-error -- given
    stack.push(plain, 'first')
    // @ts-expect-error -- given
    stack.unshift(plain, 'retry')
    // @ts-expect-error -- given
    stack.before('first', plain, 'retry')
    // @ts-expect-error -- given
    stack.after('first', plain, 'retry')
    // @ts-expect-error -- given
    stack.when(() => true, plain, 'first')
  })

  test('that are free compile: another one for a second of a kind', () => {
    stack.push(retry, 'second').before('second', plain, 'third').remove('third')
  })

  test('are freed by remove', () => {
    stack.remove('retry').push(retry)
    stack.remove(retry).push(retry)
    // @ts-expect-error -- gone
    stack.remove('retry').before('retry', plain)
    // @ts-expect-error -- gone
    stack.remove(retry).before('retry', plain)
  })

  test('stay when a plain function is removed, or a layer replaced', () => {
    stack.remove(plain).before('retry', plain)
    stack.replace('retry', plain).before('retry', plain)
  })

  test('are all known of a stack', () => {
    expectTypeOf(stack.before('retry', cookies)).toExtend<HandlerStack<'first' | 'retry' | 'cookies', object>>()
  })
})

describe('per-call options', () => {
  const api = HandlerStack.create().push(timeout, 'total').push(retry).push(plain, 'plain').push(cookies).toFetch()

  test('are those of the layers, by their names in the stack', () => {
    void api(url, { fetchstack: { retry: { maxAttempts: 3 }, total: 5 } })
    void api(url, { fetchstack: {} })
    void api(url)
  })

  test('of the wrong type do not compile', () => {
    // @ts-expect-error -- a number
    void api(url, { fetchstack: { total: 'five' } })
    // @ts-expect-error -- an object
    void api(url, { fetchstack: { retry: 3 } })
  })

  test('that no layer takes do not compile', () => {
    // @ts-expect-error -- no such layer
    void api(url, { fetchstack: { retri: { maxAttempts: 3 } } })
    // @ts-expect-error -- it has another name here
    void api(url, { fetchstack: { timeout: 5 } })
    // @ts-expect-error -- it declares none
    void api(url, { fetchstack: { cookies: true } })
    // @ts-expect-error -- a plain function takes none
    void api(url, { fetchstack: { plain: true } })
    // @ts-expect-error -- no layer takes any
    void HandlerStack.create().push(plain, 'plain').toFetch()(url, { fetchstack: { plain: true } })
    // @ts-expect-error -- no layers
    void HandlerStack.create().toFetch()(url, { fetchstack: { retry: 1 } })
  })

  test('of nested stacks are there, whatever the name of the stack', () => {
    const nested = new HandlerStack().push(new HandlerStack().push(retry, 'again')).push(timeout)
    const outer = HandlerStack.create().push(nested, 'resilience').toFetch()
    void outer(url, { fetchstack: { again: { maxAttempts: 3 }, timeout: 5 } })
    // @ts-expect-error -- it has another name there
    void outer(url, { fetchstack: { retry: { maxAttempts: 3 } } })
  })

  test('of all ways to add a layer are there', () => {
    const all = HandlerStack.create()
      .push(plain, 'x')
      .unshift(timeout, 'a')
      .before('x', timeout, 'b')
      .after('x', timeout, 'c')
      .when(() => true, timeout, 'd')
      .replace('x', timeout)
      .toFetch()
    void all(url, { fetchstack: { a: 1, b: 2, c: 3, d: 4, x: 5 } })
  })

  test('go with the layer', () => {
    const stack = HandlerStack.create().push(retry).push(timeout)
    // @ts-expect-error -- removed
    void stack.remove('retry').toFetch()(url, { fetchstack: { retry: { maxAttempts: 3 } } })
    // @ts-expect-error -- removed
    void stack.remove(retry).toFetch()(url, { fetchstack: { retry: { maxAttempts: 3 } } })
    // @ts-expect-error -- replaced by one without
    void stack.replace('retry', plain).toFetch()(url, { fetchstack: { retry: { maxAttempts: 3 } } })
    void stack.remove('retry').toFetch()(url, { fetchstack: { timeout: 5 } })
  })

  test('stay when the handler is another', () => {
    void HandlerStack.create().push(timeout).withHandler(HandlerStack.create()).toFetch()(url, {
      fetchstack: { timeout: 5 },
    })
  })

  test('of the middleware of this package', () => {
    const small = HandlerStack.create().push(httpErrors()).push(log(console)).toFetch()
    void small(url, { fetchstack: { 'http-errors': false } })
    // @ts-expect-error -- takes none
    void small(url, { fetchstack: { log: false } })
  })

  test('are typed by whoever defines a middleware', () => {
    const own = defineMiddleware<'own', { readonly deep: boolean }>(
      { name: 'own', checkCallOption: () => {} },
      (next) => next,
    )
    void HandlerStack.create().push(own).toFetch()(url, { fetchstack: { own: { deep: true } } })
    const none = defineMiddleware({ name: 'none' }, (next) => next)
    expectTypeOf(none).toEqualTypeOf<DescribedMiddleware<'none'>>()
    // @ts-expect-error -- has none
    void HandlerStack.create().push(none).toFetch()(url, { fetchstack: { none: true } })
  })
})

describe('the fetch of a stack', () => {
  const api = HandlerStack.create().push(retry).toFetch()

  test('fits wherever a fetch is taken', () => {
    expectTypeOf(api).toExtend<typeof fetch>()
    expectTypeOf(HandlerStack.create().toFetch()).toExtend<typeof fetch>()
    expectTypeOf(api).toExtend<(input: string | URL | Request, init?: RequestInit) => Promise<Response>>()
  })

  test('takes what fetch takes, and a function that makes a body', () => {
    const init: RequestInit = { method: 'POST', body: 'data', signal: AbortSignal.timeout(1) }
    void api(url, init)
    void api(new URL(url), { body: new Blob() })
    void api(new Request(url), { body: () => new ReadableStream(), duplex: 'half' })
    expectTypeOf<() => Promise<string>>().toExtend<BodyFactory>()
    // @ts-expect-error -- no body
    void api(url, { body: 5 })
  })

  test('is named by the options', () => {
    expectTypeOf(api).toExtend<StackFetch<{ readonly retry?: RetryOption }>>()
  })
})

describe('what can be pushed', () => {
  test('is a middleware, a described one, a stack', () => {
    HandlerStack.create().push(plain).push(retry).push(HandlerStack.create().push(timeout))
    new HandlerStack(HandlerStack.create()).withHandler((request) => Promise.resolve(new Response(request.url)))
  })

  test('is nothing else', () => {
    // @ts-expect-error -- no middleware
    HandlerStack.create().push(undefined)
    // @ts-expect-error -- no middleware
    HandlerStack.create().push({ retry: 3 })
    // @ts-expect-error -- no middleware
    HandlerStack.create().push('retry')
    // @ts-expect-error -- a fetch is no handler
    HandlerStack.create(fetch)
    // @ts-expect-error -- no handler
    HandlerStack.create().withHandler(undefined)
    // @ts-expect-error -- no function
    HandlerStack.create().when(true, plain)
  })

  test('any stack is an AnyStack, whatever its names and options', () => {
    expectTypeOf(HandlerStack.create().push(retry).push(timeout, 'x')).toExtend<AnyStack>()
    expectTypeOf(HandlerStack.create()).toExtend<AnyStack>()
  })
})

describe('HttpRequest', () => {
  test('is made by from alone, and can not be written to', () => {
    const request = HttpRequest.from(url)
    // @ts-expect-error -- private
    void new HttpRequest(url)
    // @ts-expect-error -- read-only
    request.url = url
    // @ts-expect-error -- read-only
    request.method = 'POST'
    expectTypeOf(request.header('a')).toEqualTypeOf<string | undefined>()
    expectTypeOf(request.replay).toEqualTypeOf<'free' | 'clone' | 'never'>()
  })

  test('takes no header that may be missing', () => {
    const token = undefined as string | undefined
    // @ts-expect-error -- would be no header at all
    HttpRequest.from(url).withHeader('authorization', token)
  })
})

describe('keys', () => {
  test('give the type that was set', () => {
    const call = new Call()
    const tenant = key<number>('tenant')
    expectTypeOf(call.get(tenant)).toEqualTypeOf<number | undefined>()
    // @ts-expect-error -- a number
    call.set(tenant, 'five')
  })
})

test('a stack that ends in another takes the per-call options of both', () => {
  const inner = HandlerStack.create().push(retry)
  const outer = HandlerStack.create(inner).push(timeout)
  void outer.toFetch()(url, { fetchstack: { retry: { maxAttempts: 2 }, timeout: 5 } })
  void HandlerStack.create().push(timeout).withHandler(inner).toFetch()(url, {
    fetchstack: { retry: { maxAttempts: 2 } },
  })
  // @ts-expect-error -- of neither
  void outer.toFetch()(url, { fetchstack: { cookies: false } })
})

describe('withOptions', () => {
  const api = HandlerStack.create().push(retry).push(timeout).push(plain, 'plain').toFetch()

  test('takes the options of the layers, and gives a fetch of the same type', () => {
    expectTypeOf(withOptions(api, { retry: { maxAttempts: 2 }, timeout: 1 })).toEqualTypeOf(api)
    // @ts-expect-error -- no layer takes it
    withOptions(api, { retri: { maxAttempts: 2 } })
    // @ts-expect-error -- of another type
    withOptions(api, { timeout: 'soon' })
    // @ts-expect-error -- a layer without options
    withOptions(api, { plain: 1 })
  })
})
