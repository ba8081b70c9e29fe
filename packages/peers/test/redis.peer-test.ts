import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { faults, faultyServer } from '@fetchstack/testing'
import { makeToken, tokenSource } from '@fetchstack/token-source'
import { redisStore } from '@fetchstack/token-source/redis'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pathOf } from '../src/programs.ts'

const program = pathOf('redis-server')
const installed = program !== undefined

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** A server of its own, in a directory of its own, that keeps nothing. */
async function startRedis() {
  const directory = await mkdtemp(join(tmpdir(), 'fetchstack-redis-'))
  const port = await freePort()
  const settings = { port, bind: '127.0.0.1', dir: directory, save: '', appendonly: 'no' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let log = ''
  for await (const chunk of child.stdout) {
    log += String(chunk)
    if (log.includes('Ready to accept connections')) break
  }
  if (child.exitCode !== null) throw new Error(`redis-server ended: ${log}`)
  return {
    port,
    async stop() {
      const gone = once(child, 'exit')
      child.kill()
      await gone
      await rm(directory, { recursive: true })
    },
  }
}

const token = (value: string) =>
  makeToken({ value, refreshToken: `r-${value}`, expiresAt: 2e12, issuedAt: 1e12, scope: 'a' })

describe.skipIf(!installed)('Redis (needs redis-server)', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>
  let nodeRedis: ReturnType<typeof createClient>
  let ioredis: Redis
  let key: string
  let keys = 0
  beforeAll(async () => {
    redis = await startRedis()
    nodeRedis = createClient({ url: `redis://127.0.0.1:${redis.port}` })
    await nodeRedis.connect()
    ioredis = new Redis(redis.port, '127.0.0.1')
  })
  afterAll(async () => {
    await nodeRedis?.close()
    ioredis?.disconnect()
    await redis?.stop()
  })
  beforeEach(() => {
    key = `{test}:token-${++keys}`
  })

  describe.each(['redis', 'ioredis'])('with a client of %s', (kind) => {
    const client = () => (kind === 'redis' ? nodeRedis : ioredis)
    const store = () => redisStore(client(), key)

    it('gives what was written, under the version it was written at', async () => {
      expect(await store().load()).toBeUndefined()
      const { won, stored } = await store().compareAndSet(undefined, token('one'))
      expect(won).toBe(true)
      const again = (await store().load())!
      expect(again).toEqual(stored)
      expect([again.token.value.reveal(), again.token.refreshToken!.reveal()]).toEqual(['one', 'r-one'])
    })

    it('writes only over the version that was read', async () => {
      const { stored } = await store().compareAndSet(undefined, token('one'))
      const lost = await store().compareAndSet(undefined, token('two'))
      expect([lost.won, lost.stored.token.value.reveal()]).toEqual([false, 'one'])
      expect((await store().compareAndSet(stored.version, token('three'))).won).toBe(true)
      expect((await store().compareAndSet(stored.version, token('four'))).won).toBe(false)
    })

    it('of 50 that write over one version at the same time one wins', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, nth) => store().compareAndSet(undefined, token(String(nth)))),
      )
      expect(answers.filter(({ won }) => won)).toHaveLength(1)
      expect(new Set(answers.map(({ stored }) => stored.version)).size).toBe(1)
    })

    it('a token that was deleted meanwhile is written anew', async () => {
      const { stored } = await store().compareAndSet(undefined, token('one'))
      await ioredis.del(key)
      expect((await store().compareAndSet(stored.version, token('two'))).won).toBe(true)
    })

    it('20 sources of one key refresh once', async () => {
      let count = 0
      const sources = Array.from({ length: 20 }, () =>
        tokenSource(async () => token(String(++count)), { store: store() }),
      )
      const tokens = await Promise.all(sources.map((source) => source.get()))
      expect(count).toBe(1)
      expect(new Set(tokens.map(({ value }) => value.reveal())).size).toBe(1)
      await Promise.all(sources.map((source, nth) => source.replace(tokens[nth]!)))
      expect(count).toBe(2)
    })

    it('a lock that never comes ends with its code, and stays with who has it', async () => {
      await ioredis.set(`${key}:lock`, 'theirs')
      const source = tokenSource(async () => token('a'), { store: store(), lockTimeout: 150 })
      await expect(source.get()).rejects.toMatchObject({ code: 'FETCHSTACK_TOKEN_LOCK' })
      expect(await ioredis.get(`${key}:lock`)).toBe('theirs')
    })

    it('a lock is released, and ends by itself when its process died', async () => {
      const lock = store().lock!
      const signal = AbortSignal.timeout(5_000)
      await lock(async () => expect(await ioredis.pttl(`${key}:lock`)).toBeGreaterThan(50_000), {
        signal,
        lease: 60_000,
      })
      expect(await ioredis.exists(`${key}:lock`)).toBe(0)
      void lock(() => new Promise(() => {}), { signal, lease: 200 })
      expect(await lock(async () => 'in', { signal, lease: 60_000 })).toBe('in')
    })

    it('who lost the lock does not release that of another', async () => {
      const signal = AbortSignal.timeout(5_000)
      await store().lock!(async () => void (await ioredis.set(`${key}:lock`, 'another')), { signal, lease: 60_000 })
      expect(await ioredis.get(`${key}:lock`)).toBe('another')
    })

    it('what is no token is refused, kept, and not shown', async () => {
      await ioredis.hset(key, { version: '1', token: '{"hush' })
      const error = await tokenSource(async () => token('a'), { store: store() })
        .get()
        .catch((error: unknown) => error)
      expect(error).toMatchObject({ code: 'FETCHSTACK_TOKEN_STORE' })
      expect(String(error)).not.toContain('hush')
      expect(await ioredis.hget(key, 'token')).toBe('{"hush')
    })

    it('a key of another type is a failure with a cause', async () => {
      await ioredis.set(key, 'text')
      await expect(tokenSource(async () => token('a'), { store: store() }).get()).rejects.toMatchObject({
        code: 'FETCHSTACK_TOKEN_STORE',
        cause: expect.objectContaining({ message: expect.stringContaining('WRONGTYPE') }),
      })
    })
  })

  it('several processes with both clients never send a rotated refresh token again', async () => {
    let current = 'r0'
    let count = 0
    const replayed: string[] = []
    const server = await faultyServer({
      routes: {
        'POST /token': (request) => {
          const sent = new URLSearchParams(new TextDecoder().decode(request.body)).get('refresh_token')!
          if (sent !== current) {
            replayed.push(sent)
            return faults.status(400, {}, { error: 'invalid_grant' })
          }
          current = `r${++count}`
          return faults.ok({ value: `t${count}`, refreshToken: current })
        },
      },
    })
    try {
      const file = fileURLToPath(new URL('redis-process.ts', import.meta.url))
      const run = (kind: string) =>
        promisify(execFile)(process.execPath, [file, kind, String(redis.port), key, server.url, '25'])
      const ends = await Promise.all(['redis', 'ioredis', 'redis', 'ioredis'].map(run))
      expect(replayed).toEqual([])
      expect(count).toBeGreaterThan(5)
      const stored = (await redisStore(ioredis, key).load())!
      expect([stored.token.value.reveal(), stored.token.refreshToken!.reveal()]).toEqual([`t${count}`, current])
      expect(ends.map(({ stdout }) => stdout)).toContain(`t${count}`)
    } finally {
      await server.close()
    }
  }, 60_000)
})
