import { describe, expect, test, vi } from 'vitest'
import {
  type AnyStack,
  defineMiddleware,
  type Handler,
  HandlerStack,
  type Middleware,
  StackError,
} from '../src/index.ts'
import { adds, greet, greeting, thrown } from './helpers.ts'

const a = adds('1')
const b = adds('2')
const c = adds('3')

/** As JavaScript sees it: any name will do. */
function loose(stack: AnyStack): HandlerStack<string> {
  return stack as HandlerStack<string>
}

describe('order', () => {
  test('the first that is pushed sees the request first', async () => {
    expect(await greet(greeting().push(a).push(b).push(c))).toBe('Hello - test123')
  })

  test('the first that is pushed sees the response last', async () => {
    const leaves: string[] = []
    const notes =
      (name: string): Middleware =>
      (next) =>
      async (request, call) => {
        const response = await next(request, call)
        leaves.push(name)
        return response
      }
    await greet(greeting().push(notes('outer')).push(notes('inner')))
    expect(leaves).toEqual(['inner', 'outer'])
  })

  test('what is unshifted runs in reverse: the last is the outermost', async () => {
    expect(await greet(greeting().unshift(a).unshift(b).unshift(c))).toBe('Hello - test321')
  })

  test('before puts a layer just outside of the one that is named; the newest stands closest to it', async () => {
    const stack = greeting()
      .push(adds('b'), 'baz')
      .push(adds('f'), 'foo')
      .before('baz', adds('r'), 'bar')
      .before('baz', adds('q'), 'qux')
    expect(stack.layers.map(({ name }) => name)).toEqual(['bar', 'qux', 'baz', 'foo'])
    expect(await greet(stack)).toBe('Hello - testrqbf')
  })

  test('after puts a layer just inside of the one that is named; the newest stands closest to it', async () => {
    const stack = greeting()
      .push(adds('a'), 'a')
      .push(adds('b'), 'b')
      .after('a', adds('c'), 'c')
      .after('b', adds('d'), 'd')
      .after('a', adds('e'), 'e')
    expect(await greet(stack)).toBe('Hello - testaecbd')
  })
})

describe('replace', () => {
  test('keeps the place and the name', async () => {
    const stack = greeting().push(a, 'a').push(b, 'b').push(c, 'c').replace('b', adds('x'))
    expect(stack.layers.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(await greet(stack)).toBe('Hello - test1x3')
  })

  test('keeps the name also when the new middleware declares another', () => {
    const described = defineMiddleware({ name: 'other' }, (next) => next)
    const stack = greeting().push(a, 'a').replace('a', described)
    expect(stack.layers.map(({ name }) => name)).toEqual(['a'])
  })

  test('keeps the condition of the place', async () => {
    const stack = greeting()
      .when(() => false, a, 'a')
      .replace('a', b)
    expect(await greet(stack)).toBe('Hello - test')
  })
})

describe('remove', () => {
  test('by name takes out that layer', async () => {
    expect(await greet(greeting().push(a, 'a').push(b, 'b').push(c, 'c').remove('b'))).toBe('Hello - test13')
  })

  test('by reference takes out every layer that is that middleware', async () => {
    const stack = greeting().push(a).push(a).push(b).push(a, 'named')
    expect(await greet(stack)).toBe('Hello - test1121')
    expect(await greet(stack.remove(a))).toBe('Hello - test2')
  })

  test('takes out a nested stack by reference', async () => {
    const inner = new HandlerStack().push(b)
    expect(await greet(greeting().push(a).push(inner).remove(inner))).toBe('Hello - test1')
  })

  test('frees the name', async () => {
    expect(await greet(greeting().push(a, 'a').remove('a').push(b, 'a'))).toBe('Hello - test2')
  })

  test('refuses a middleware that is not in the stack, also when a layer has its name', () => {
    const error = thrown(() =>
      greeting()
        .push(a, 'named')
        .remove(function named(next) {
          return next
        }),
    )
    expect(error).toBeInstanceOf(StackError)
    expect(error).toHaveProperty('message', 'That middleware is not in the stack.')
  })
})

describe('when', () => {
  test('a layer takes part only in the calls for which its predicate holds, and the rest goes on', async () => {
    const stack = greeting()
      .push(a)
      .when((request) => request.url.endsWith('/b'), b)
      .push(c)
    const api = stack.toFetch()
    expect(await (await api('https://api.example.com/a')).text()).toBe('Hello - test13')
    expect(await (await api('https://api.example.com/b')).text()).toBe('Hello - test123')
  })

  test('the predicate gets the request as it is there, and the call', async () => {
    const predicate = vi.fn(() => true)
    const seen: unknown[] = []
    await greet(
      greeting()
        .push(a)
        .push((next) => (request, call) => (seen.push(request, call), next(request, call)))
        .when(predicate, b),
    )
    expect(predicate.mock.calls).toEqual([seen])
  })

  test('the predicate is asked each time that the layer is reached, so inside a retry once an attempt', async () => {
    const predicate = vi.fn(() => true)
    const twice: Middleware = (next) => (request, call) => next(request, call).then(() => next(request, call))
    await greet(greeting().push(twice).when(predicate, a))
    expect(predicate).toHaveBeenCalledTimes(2)
  })

  test('holds for a nested stack as a whole', async () => {
    const nested = new HandlerStack().push(a).push(b)
    expect(await greet(greeting().when(() => false, nested))).toBe('Hello - test')
    expect(await greet(greeting().when(() => true, nested))).toBe('Hello - test12')
  })

  test('refuses a predicate that is no function', () => {
    expect(() => greeting().when(undefined as never, a)).toThrow('A predicate must be of type function, got undefined.')
  })
})

describe('the handler', () => {
  test('can be given later, and again', async () => {
    const layers = new HandlerStack().push(a)
    expect(await greet(layers.withHandler(greeting()))).toBe('Hello - test1')
    expect(await greet(layers.withHandler(() => Promise.resolve(new Response('other'))))).toBe('other')
  })

  test('must be there when the stack is resolved', () => {
    const stack = new HandlerStack().push(a)
    const message = 'Nothing sends the request: use HandlerStack.create() or withHandler().'
    expect(() => stack.resolve()).toThrow(new StackError(message))
    expect(() => stack.toFetch()).toThrow(new StackError(message))
  })

  test.each([[null], ['fetch'], [{}], [undefined]])('withHandler refuses %o', (handler) => {
    expect(() => greeting().withHandler(handler as never)).toThrow(/^A handler must be of type function, got /)
  })

  test('create refuses what is neither a handler nor a stack', () => {
    expect(() => HandlerStack.create('fetch' as never)).toThrow('A handler must be of type function, got string.')
    expect(() => HandlerStack.create(fetch as never)).toThrow('A fetch is no handler: use fetchHandler(fetch).')
  })

  test('ownsHandler tells whether it was given', () => {
    expect(new HandlerStack().ownsHandler).toBe(false)
    expect(HandlerStack.create().ownsHandler).toBe(false)
    expect(HandlerStack.create().push(a).ownsHandler).toBe(false)
    expect(greeting().ownsHandler).toBe(true)
    expect(greeting().push(a).ownsHandler).toBe(true)
    expect(HandlerStack.create().withHandler(greeting()).ownsHandler).toBe(true)
  })
})

describe('resolve', () => {
  test('composes once: each middleware is applied once, however many calls there are', async () => {
    const wrap = vi.fn(a)
    const stack = greeting().push(wrap)
    const api = stack.toFetch()
    await Promise.all([api('https://a.example/'), api('https://a.example/'), stack.toFetch()('https://a.example/')])
    expect(stack.resolve()).toBe(stack.resolve())
    expect(wrap).toHaveBeenCalledTimes(1)
  })

  test('applies a middleware anew for each stack that it stands in', () => {
    const wrap = vi.fn(a)
    const first = greeting().push(wrap)
    first.resolve()
    first.push(b).resolve()
    expect(wrap).toHaveBeenCalledTimes(2)
  })

  test('a plain function gets next alone, for it may have a second parameter of its own', () => {
    const wrap = vi.fn(a)
    greeting().push(wrap, 'name').resolve()
    expect(wrap.mock.calls[0]).toHaveLength(1)
  })

  test('a described middleware gets the name that it has in the stack', () => {
    const wrap = vi.fn((next: Handler, _name: string) => next)
    const described = defineMiddleware({ name: 'declared' }, wrap)
    greeting().push(described, 'renamed').resolve()
    greeting().push(described).resolve()
    described(() => Promise.reject(new Error('not called')))
    expect(wrap.mock.calls.map(([, name]) => name)).toEqual(['renamed', 'declared', 'declared'])
  })

  test('names the middleware that returns no handler', () => {
    const stack = greeting().push((() => undefined) as never, 'broken')
    expect(() => stack.resolve()).toThrow(
      new StackError('What broken returns must be of type function, got undefined.'),
    )
  })
})

describe('names', () => {
  test('a middleware that declares a name has it unless another is given', () => {
    const described = defineMiddleware({ name: 'retry' }, (next) => next)
    expect(greeting().push(described).has('retry')).toBe(true)
    const renamed = greeting().push(described, 'second')
    expect([renamed.has('retry'), renamed.has('second')]).toEqual([false, true])
  })

  test('are unique: given and declared ones alike', () => {
    const described = defineMiddleware({ name: 'retry' }, (next) => next)
    const stack = loose(greeting().push(described))
    const taken = new StackError('"retry" is in the stack already: give another name.')
    expect(() => stack.push(described)).toThrow(taken)
    expect(() => stack.push(a, 'retry')).toThrow(taken)
    expect(() => stack.unshift(a, 'retry')).toThrow(taken)
    expect(() => stack.before('retry', a, 'retry')).toThrow(taken)
    expect(() => stack.after('retry', a, 'retry')).toThrow(taken)
    expect(() => stack.when(() => true, a, 'retry')).toThrow(taken)
  })

  test('an unknown one is an error that says which there are, and which was probably meant', () => {
    const stack = loose(greeting().push(a, 'retry').push(b, 'timeout').push(c))
    const error = new StackError('No layer "retri". Did you mean "retry"? There are: retry, timeout.')
    expect(() => stack.before('retri', a)).toThrow(error)
    expect(() => stack.after('retri', a)).toThrow(error)
    expect(() => stack.replace('retri', a)).toThrow(error)
    expect(() => stack.remove('retri')).toThrow(error)
  })

  test('an unknown one in a stack without names is an error that says so', () => {
    const stack = loose(greeting().push(a))
    expect(() => stack.remove('retry')).toThrow('No layer "retry". There are: none.')
    expect(() => stack.before(undefined as never, a)).toThrow('No layer "undefined". There are: none.')
  })

  test('an empty one counts as none', () => {
    expect(
      loose(greeting())
        .push(a, '')
        .push(b, '')
        .layers.map(({ name }) => name),
    ).toEqual([undefined, undefined])
  })

  test('must be strings: options in the place of a name are a mistake', () => {
    expect(() => greeting().push(a, { maxAttempts: 3 } as never)).toThrow('A name must be of type string, got object.')
  })
})

describe('immutability', () => {
  test('every change returns another stack and leaves this one as it was', async () => {
    const stack = greeting().push(a, 'a').push(b, 'b')
    const before = stack.layers
    const changed = [
      stack.push(c),
      stack.unshift(c),
      stack.before('b', c),
      stack.after('a', c),
      stack.replace('a', c),
      stack.remove('a'),
      stack.when(() => true, c),
      stack.withHandler(() => Promise.reject(new Error('another'))),
    ]
    expect(new Set([stack, ...changed]).size).toBe(9)
    expect(stack.layers).toBe(before)
    expect(await greet(stack)).toBe('Hello - test12')
  })

  test('a stack shares its layers with those that were made of it', () => {
    const stack = greeting().push(a, 'a')
    expect(stack.push(b).layers[0]).toBe(stack.layers[0])
  })

  test('two stacks made of one do not see each other', async () => {
    const base = greeting().push(a)
    const [left, right] = [base.push(b, 'same'), base.push(c, 'same')]
    expect([await greet(left), await greet(right), await greet(base)]).toEqual([
      'Hello - test12',
      'Hello - test13',
      'Hello - test1',
    ])
  })

  test('the stack, the list of its layers and the layers are frozen', () => {
    const stack = greeting().push(a, 'a')
    expect([stack, stack.layers, stack.layers[0]].every((one) => Object.isFrozen(one))).toBe(true)
    expect(() => (stack.layers as unknown[]).push({})).toThrow(TypeError)
  })

  test('a fetch that was made keeps its layers', async () => {
    const stack = greeting().push(a, 'a')
    const api = stack.toFetch()
    stack.remove('a')
    expect(await (await api('https://a.example/')).text()).toBe('Hello - test1')
  })
})

describe('what can be pushed', () => {
  test.each([[undefined], [null], ['retry'], [42], [{}], [[a]]])(
    '%o is refused when the stack is built',
    (middleware) => {
      const error = thrown(() => greeting().push(middleware as never))
      expect(error).toBeInstanceOf(StackError)
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toMatchObject({ name: 'StackError', code: 'FETCHSTACK_INVALID_STACK' })
      expect(error).toHaveProperty(
        'message',
        expect.stringMatching(/^A middleware must be of type function, got \S+\.$/),
      )
    },
  )
})

describe('maxAttempts', () => {
  const retry = (reenters: number) => defineMiddleware({ name: 'retry', reenters }, (next) => next)

  test('is 1 when nothing re-enters', () => {
    expect(greeting().push(a).maxAttempts).toBe(1)
  })

  test('multiplies what the layers declare, nested ones too', () => {
    expect(
      greeting()
        .push(retry(3))
        .push(new HandlerStack().push(retry(2))).maxAttempts,
    ).toBe(6)
  })
})
