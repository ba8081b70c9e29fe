import { OptionError } from '@fetchstack/options'
import { describe, expect, it } from 'vitest'
import { makeToken } from '../src/index.ts'
import { redisStore } from '../src/redis.ts'

// What a Redis does with the commands is tested on a real one: packages/peers/test/redis.peer-test.ts.

const token = makeToken({ value: 'one' })

describe('redisStore', () => {
  it.each([
    ['ioredis', (sent: unknown[]) => ({ call: async (...command: string[]) => sent.push(command) && [null, null] })],
    [
      'node-redis',
      (sent: unknown[]) => ({ sendCommand: async (command: readonly string[]) => sent.push(command) && [null, null] }),
    ],
  ])('speaks to a client of %s', async (_name, clientOf) => {
    const sent: unknown[] = []
    expect(await redisStore(clientOf(sent), 'key').load()).toBeUndefined()
    expect(sent).toEqual([['HMGET', 'key', 'version', 'token']])
  })

  it('what a client throws comes through', async () => {
    const client = { call: async () => Promise.reject(new Error('gone')) }
    await expect(redisStore(client, 'key').load()).rejects.toThrow('gone')
    await expect(redisStore(client, 'key').compareAndSet(undefined, token)).rejects.toThrow('gone')
  })

  it('a lock that can not be released does not spoil what was done under it', async () => {
    const client = { call: async (command: string) => (command === 'SET' ? 'OK' : Promise.reject(new Error('gone'))) }
    const bounds = { signal: new AbortController().signal, lease: 1_000 }
    expect(await redisStore(client, 'key').lock!(async () => 'done', bounds)).toBe('done')
  })

  it.each([
    [[undefined, 'key'], 'client must be a client of ioredis or of node-redis'],
    [[{}, 'key'], 'client must be a client of ioredis or of node-redis'],
    [[{ call() {} }, ''], 'key must be a name'],
    [[{ call() {} }, 7], 'key must be a name'],
  ])('bad arguments are refused: %j', (args, message) => {
    const make = () => redisStore(...(args as unknown as Parameters<typeof redisStore>))
    expect(make).toThrow(OptionError)
    expect(make).toThrow(message)
  })
})
