import type { Redis } from 'ioredis'
import type { createClient, RedisClientType } from 'redis'
import { expectTypeOf, it } from 'vitest'
import { makeToken, type Token, type TokenSource, tokenSource, tokenSources } from '../src/index.ts'
import { type RedisClient, redisStore } from '../src/redis.ts'

it('the clients of ioredis and node-redis fit without a cast', () => {
  expectTypeOf<Redis>().toExtend<RedisClient>()
  expectTypeOf<RedisClientType>().toExtend<RedisClient>()
  expectTypeOf<ReturnType<typeof createClient>>().toExtend<RedisClient>()
  // @ts-expect-error: no client.
  redisStore({}, 'key')
})

it('a source is a TokenSource with more', () => {
  expectTypeOf(tokenSource).returns.toExtend<TokenSource>()
  // @ts-expect-error: a refresh gives a token.
  tokenSource(async () => 'token')
  // @ts-expect-error: an option with a typing error.
  tokenSource(async () => makeToken({ value: 'a' }), { refreshAhed: 1 })
})

it('a token can not be changed', () => {
  const token: Token = makeToken({ value: 'a' })
  // @ts-expect-error: read-only.
  token.expiresAt = 1
})

it('the keyed form takes what its key function takes', () => {
  const of = tokenSources(
    (tenant: string, region: number) => `${tenant}/${region}`,
    (key) => {
      expectTypeOf(key).toEqualTypeOf<string>()
      return tokenSource(async () => makeToken({ value: key }))
    },
  )
  expectTypeOf(of).parameters.toEqualTypeOf<[tenant: string, region: number]>()
  expectTypeOf(of).returns.toExtend<TokenSource>()
})
