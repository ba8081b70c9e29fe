import { type FetchFunction, fetchHandler, HandlerStack } from '@fetchstack/handler-stack'
import { localServer, type TestServer } from '@fetchstack/testing/conformance'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CaseContext } from '../src/contract.ts'
import { type Plan, plans } from '../src/fidelity/plan.ts'
import { compare } from '../src/fidelity/suite.ts'

let server: TestServer
beforeAll(async () => {
  server = await localServer()
})
afterAll(() => server.close())

const run = (build: (base: FetchFunction) => FetchFunction, calls: readonly Plan[]) =>
  compare(calls, server as CaseContext['server'], { subject: build })

const usual: Plan = {
  target: 'script',
  script: '200;body=hello',
  input: 'string',
  method: 'POST',
  headers: 'object',
  body: 'string',
  duplex: 'none',
  signal: 'idle',
  fields: { custom: 'kept' },
  init: 'plain',
  consumed: false,
  use: 'text',
}

test('a stack without middleware is the fetch that it wraps, for any call', async () => {
  const calls = fc.sample(plans, { seed: 1, numRuns: 60 })
  const { compared, differences } = await run((base) => HandlerStack.create(fetchHandler(base)).toFetch(), calls)
  expect({ compared, differences }).toEqual({ compared: true, differences: [] })
})

describe('the comparison catches a wrapper that', () => {
  test.each<[string, (base: FetchFunction) => FetchFunction, Partial<Plan>]>([
    [
      'makes another response',
      (base) =>
        async (...args) =>
          new Response((await base(...args)).body),
      {},
    ],
    [
      'clones the response',
      (base) =>
        async (...args) =>
          (await base(...args)).clone(),
      {},
    ],
    ['drops a field', (base) => (input, init) => base(input, { ...init, custom: undefined } as RequestInit), {}],
    ['adds a field', (base) => (input, init) => base(input, { ...init, extra: 1 } as RequestInit), {}],
    [
      'adds a header',
      (base) => (input, init) => base(input, { ...init, headers: { 'x-one': '1', accept: 'text/plain', b: '2' } }),
      {},
    ],
    [
      'sends twice',
      (base) =>
        async (...args) => (await base(...args), base(...args)),
      {},
    ],
    ['makes a Request', (base) => (input, init) => base(new Request(input, init)), {}],
    [
      'copies the body',
      (base) => (input, init) => base(input, { ...init, body: String(init?.body) }),
      { body: 'params' },
    ],
    ['drops the signal', (base) => (input, init) => base(input, { ...init, signal: null }), { signal: 'aborted' }],
    [
      'wraps errors',
      (base) =>
        (...args) =>
          base(...args).catch((cause: unknown) => {
            throw new Error('failed', { cause })
          }),
      { script: 'reset' },
    ],
    [
      'throws at once',
      () => () => {
        throw new TypeError('no')
      },
      {},
    ],
    [
      'reads the body',
      (base) =>
        async (...args) => {
          const response = await base(...args)
          await response.text()
          return response
        },
      {},
    ],
  ])('%s', async (_, build, changes) => {
    const { differences } = await run(build, [{ ...usual, ...changes }])
    expect(differences).not.toEqual([])
  })
})
