import { HandlerStack } from '@fetchstack/handler-stack'
import { retry } from '@fetchstack/retry'
import { timeout } from '@fetchstack/timeout'
import ky from 'ky'
import { expectTypeOf, it } from 'vitest'
import { createClient, kyRetry, stackKy, stackOptions } from '../src/index.ts'

const stack = HandlerStack.create().push(timeout(1_000), 'total-timeout').push(retry())

it("types the options of the stack's layers in every call", () => {
  const api = stackKy(stack)
  void api.get('https://api.example.com', { fetchstack: { retry: { maxAttempts: 2 }, 'total-timeout': 5 } })
  void api('https://api.example.com', { fetchstack: { retry: false } })
  void api
    .extend({ fetchstack: { retry: false } })
    .post('https://api.example.com', { json: 1, fetchstack: { retry: false } })
  // @ts-expect-error No such layer.
  void api.get('https://api.example.com', { fetchstack: { retri: false } })
  // @ts-expect-error Not what the layer takes.
  void api.get('https://api.example.com', { fetchstack: { 'total-timeout': 'soon' } })
  expectTypeOf(api.get<{ id: number }>('https://api.example.com').json()).resolves.toEqualTypeOf<{ id: number }>()
})

it('types the client of the seed', () => {
  const client = createClient({ baseUrl: 'https://api.example.com', handler: stack })
  void client.get('videos', { fetchstack: { 'client-timeout': 500, retry: false } })
  // @ts-expect-error No such layer.
  void client.get('videos', { fetchstack: { timeout: 500 } })
})

it('gives ky what it takes', () => {
  ky.create(stackOptions(stack))
  ky.create({ retry: kyRetry({ maxAttempts: 2 }) })
})
