import { describe, expect, test, vi } from 'vitest'
import { defineMiddleware, HandlerStack, type HttpRequest } from '../src/index.ts'
import { adds, greet, greeting } from './helpers.ts'

describe('a stack as a middleware', () => {
  const pair = new HandlerStack().push(adds('b')).push(adds('c'))

  test('takes its place with all its layers, in their order', async () => {
    expect(await greet(greeting().push(adds('a')).push(pair, 'pair').push(adds('d')))).toBe('Hello - testabcd')
  })

  test('may stand in several stacks, and more than once in one', async () => {
    const outer = greeting().push(pair, 'first').push(pair, 'second')
    expect(await greet(outer)).toBe('Hello - testbcbc')
    expect(await greet(greeting().push(pair))).toBe('Hello - testbc')
  })

  test('nests to any depth', async () => {
    const three = new HandlerStack().push(new HandlerStack().push(new HandlerStack().push(adds('x'))))
    expect(await greet(greeting().push(three))).toBe('Hello - testx')
  })

  test('hands on to the layers around it, not to its own handler', async () => {
    const own = vi.fn(() => Promise.resolve(new Response('own')))
    expect(await greet(greeting().push(HandlerStack.create(own).push(adds('a'))))).toBe('Hello - testa')
    expect(own).not.toHaveBeenCalled()
  })

  test('is not changed when a stack is made of it later', async () => {
    const outer = greeting().push(pair, 'pair')
    pair.push(adds('z'))
    expect(await greet(outer)).toBe('Hello - testbc')
  })

  test('without layers changes nothing', async () => {
    expect(await greet(greeting().push(new HandlerStack()))).toBe('Hello - test')
  })

  test('fits when it comes from another installed copy: what counts is its shape', async () => {
    const foreign = {
      layers: pair.layers,
      ownsHandler: false,
      maxAttempts: 1,
      compose: pair.compose.bind(pair),
      onion: pair.onion,
      terminal: pair.terminal,
      resolve: pair.resolve.bind(pair),
      toFetch: pair.toFetch.bind(pair),
      toString: () => 'foreign',
    }
    expect(await greet(greeting().push(foreign))).toBe('Hello - testbc')
  })
})

describe('a stack as a handler', () => {
  test('answers, layers and all', async () => {
    const inner = greeting().push(adds('b'))
    expect(await greet(HandlerStack.create(inner).push(adds('a')))).toBe('Hello - testab')
    expect(await greet(new HandlerStack(inner).push(adds('a')))).toBe('Hello - testab')
  })

  test('is seen through: its layers are printed, checked, counted, and take their per-call options', async () => {
    const again = (name: string) =>
      defineMiddleware({ name, reenters: 3, checkCallOption: () => {} }, (next, own) => (request, call) => {
        return next(request.withHeader(`x-${own}`, String(call.options[own])), call)
      })
    let seen: HttpRequest | undefined
    const inner = HandlerStack.create(async function wire(request) {
      seen = request
      return new Response()
    }).push(again('inner'))
    const outer = HandlerStack.create(HandlerStack.create(inner)).push(again('outer'))
    expect(outer.maxAttempts).toBe(9)
    expect(String(outer)).toMatch(/^> 2\) outer .*\n> 1\) inner .*\n= 0\) wire .*up to 9 times/)
    expect(outer.push(again('inner'), 'inner-2').check()).toMatchObject([{ code: 'repeated' }])
    await outer.toFetch()('https://a.example/', { fetchstack: { inner: 'i', outer: 'o' } } as object)
    expect([seen?.header('x-inner'), seen?.header('x-outer')]).toEqual(['i', 'o'])
    const swapped = greeting().push(again('outer')).withHandler(inner)
    expect([swapped.maxAttempts, swapped.has('inner')]).toEqual([9, false])
  })

  test('is resolved then and there: one without a handler is refused', () => {
    expect(() => HandlerStack.create(new HandlerStack())).toThrow('Nothing sends the request')
  })
})
