import { describe, expect, test } from 'vitest'
import { defineMiddleware, HandlerStack, type Want } from '../src/index.ts'

const layer = <const Name extends string>(name: Name, wants: readonly Want[] = [], reenters = 1) =>
  defineMiddleware({ name, wants, reenters }, (next) => next)

const retry = layer('retry', [], 3)
const signer = layer('sign', [{ position: 'inside', of: 'retry', orElse: 'a signature is stale' }])
const errors = layer('http-errors', [{ position: 'outside', of: 'retry', orElse: 'retry sees no response' }])
const needy = layer('needy', [{ position: 'inside', of: 'timeout', required: true, orElse: 'nothing bounds it' }])

describe('check', () => {
  test('finds nothing in a stack that stands right', () => {
    expect(HandlerStack.create().push(errors).push(retry).push(signer).check()).toEqual([])
    expect(HandlerStack.create().check()).toEqual([])
  })

  test('order: a layer outside of one that it should stand inside of', () => {
    expect(HandlerStack.create().push(signer).push(retry).check()).toEqual([
      {
        code: 'order',
        message: 'sign should stand inside retry, or else a signature is stale.',
        layers: ['sign', 'retry'],
      },
    ])
  })

  test('order: a layer inside of one that it should stand outside of', () => {
    expect(HandlerStack.create().push(retry).push(errors).check()).toEqual([
      {
        code: 'order',
        message: 'http-errors should stand outside retry, or else retry sees no response.',
        layers: ['http-errors', 'retry'],
      },
    ])
  })

  test('order: one on the right side is enough', () => {
    const timeout = layer('timeout')
    expect(HandlerStack.create().push(timeout, 'total').push(needy).push(timeout, 'attempt').check()).toEqual([])
    expect(HandlerStack.create().push(needy).push(timeout, 'attempt').check()).toMatchObject([{ code: 'order' }])
  })

  test('order: goes by what a middleware declares, and prints what it is called in the stack', () => {
    expect(HandlerStack.create().push(signer, 'hmac').push(retry, 'again').check()).toMatchObject([
      { message: 'hmac should stand inside again, or else a signature is stale.' },
    ])
  })

  test('order: looks into nested stacks', () => {
    const nested = new HandlerStack().push(retry)
    expect(HandlerStack.create().push(signer).push(nested, 'resilience').check()).toMatchObject([
      { code: 'order', layers: ['sign', 'resilience/retry'] },
    ])
    expect(HandlerStack.create().push(nested, 'resilience').push(signer).check()).toEqual([])
  })

  test('order: a layer can not stand on the wrong side of its own kind', () => {
    const selfish = layer('selfish', [{ position: 'outside', of: 'selfish', orElse: 'it is lonely' }])
    expect(HandlerStack.create().push(selfish).push(selfish, 'second').check()).toEqual([])
  })

  test('missing: a layer that is required and not there', () => {
    expect(HandlerStack.create().push(needy).check()).toEqual([
      { code: 'missing', message: 'needy should stand inside timeout, or else nothing bounds it.', layers: ['needy'] },
    ])
  })

  test('missing: not when it is not required', () => {
    expect(HandlerStack.create().push(signer).check()).toEqual([])
  })

  test('repeated: two of a kind that re-enter multiply their attempts', () => {
    const stack = HandlerStack.create()
      .push(retry)
      .push(new HandlerStack().push(layer('retry', [], 4)), 'nested')
    expect(stack.check()).toEqual([
      {
        code: 'repeated',
        message: 'nested/retry stands inside retry: up to 12 attempts.',
        layers: ['retry', 'nested/retry'],
      },
    ])
  })

  test('repeated: not for two of different kinds, and not for layers that do not re-enter', () => {
    const hedge = layer('hedge', [], 2)
    const timeout = layer('timeout')
    expect(
      HandlerStack.create().push(timeout, 'total').push(retry).push(hedge).push(timeout, 'attempt').check(),
    ).toEqual([])
  })

  test('no-handler: nothing sends the request', () => {
    expect(new HandlerStack().check()).toEqual([
      {
        code: 'no-handler',
        message: 'Nothing sends the request: use HandlerStack.create() or withHandler().',
        layers: [],
      },
    ])
  })

  test('unused-handler: a nested stack was given a handler, at any depth', () => {
    const own = HandlerStack.create(() => Promise.resolve(new Response())).push(retry)
    const findings = HandlerStack.create().push(new HandlerStack().push(own, 'inner'), 'outer').check()
    expect(findings).toEqual([
      { code: 'unused-handler', message: 'The handler of outer/inner is not used here.', layers: ['outer/inner'] },
    ])
  })

  test('unused-handler: not for the default fetch, which nobody misses', () => {
    expect(HandlerStack.create().push(HandlerStack.create().push(retry), 'inner').check()).toEqual([])
  })

  test('a plain function declares nothing', () => {
    expect(
      HandlerStack.create()
        .push((next) => next)
        .push((next) => next)
        .check(),
    ).toEqual([])
  })
})
