import { OptionError, refuse } from '@fetchstack/options'
import { TokenError } from './errors.ts'
import { poll } from './poll.ts'
import { decodeToken, encodeToken } from './token.ts'
import type { StoredToken, TokenStore } from './types.ts'

/** A client of Redis: one of ioredis (`call`), or one of node-redis (`sendCommand`, connected). Known by their shape. */
export type RedisClient =
  | { call(command: string, ...args: string[]): Promise<unknown> }
  | { sendCommand(command: readonly string[]): Promise<unknown> }

/** Nothing stored counts as the version `''`. A token that was deleted meanwhile has no winner: it is written anew. */
const COMPARE_AND_SET = `
local version = redis.call('HGET', KEYS[1], 'version')
if version and version ~= ARGV[1] then
  return { '0', version, redis.call('HGET', KEYS[1], 'token') }
end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'token', ARGV[3])
return { '1', ARGV[2], ARGV[3] }`

/** Only who holds the lock may release it: who held it for longer than its lease has lost it, perhaps to another. */
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`

/**
 * Keeps a token in Redis, so that a whole fleet shares it: a hash under `key`, and the lock under `<key>:lock`. The secrets in it are in
 * clear text: whoever can read the database can use them.
 *
 * The lock is of one Redis server. When that fails over to a replica a lock may get lost; then the compare-and-set still keeps one
 * token for all, but two processes may have sent the same refresh token. In a cluster put the key into braces, `{my-app}:token`,
 * so that both keys are in one slot.
 *
 * @param client - Connected already. It stays yours: nothing here closes it.
 * @throws {OptionError} When it is made: an argument can't be used.
 * @throws {TokenError} As a rejection of what the store is asked, `STORE`: what is under the key is no token. Nothing of it is in the
 *   message. What the client throws comes through, and is the `cause` of what the source throws.
 * @example
 * ```ts
 * import { makeToken, tokenSource } from '@fetchstack/token-source'
 * import { type RedisClient, redisStore } from '@fetchstack/token-source/redis'
 *
 * const sourceFor = (client: RedisClient) =>
 *   tokenSource(async () => makeToken({ value: 'eyJhbGciOi' }), { store: redisStore(client, '{my-app}:token') })
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function redisStore(client: RedisClient, key: string): TokenStore {
  if (typeof key !== 'string' || key === '') throw new OptionError('redisStore', 'key', 'key must be a name.')
  const run = commandsOf(client)
  const found = (version: unknown, text: unknown): StoredToken => {
    const token = decodeToken(String(text))
    if (token !== undefined) return { token, version: String(version) }
    throw new TokenError(
      'STORE',
      `What Redis has under ${key} is no token. It was left as it is: delete it to start over.`,
    )
  }
  return {
    async load() {
      const [version, text] = (await run('HMGET', key, 'version', 'token')) as unknown[]
      return version === null && text === null ? undefined : found(version, text)
    },
    async compareAndSet(version, next) {
      const args = [version ?? '', crypto.randomUUID(), encodeToken(next)]
      const [won, now, text] = (await run('EVAL', COMPARE_AND_SET, '1', key, ...args)) as unknown[]
      return { won: String(won) === '1', stored: found(now, text) }
    },
    async lock(work, { signal, lease }) {
      const name = `${key}:lock`
      const owner = crypto.randomUUID()
      const taken = async () => ((await run('SET', name, owner, 'NX', 'PX', String(lease))) === null ? undefined : true)
      await poll(taken, signal)
      try {
        return await work()
      } finally {
        // What went wrong here ends with the lease.
        await run('EVAL', RELEASE, '1', name, owner).catch(() => {})
      }
    },
  }
}

function commandsOf(client: RedisClient): (...command: [string, ...string[]]) => Promise<unknown> {
  if (typeof (client as { call?: unknown } | undefined)?.call === 'function') {
    const { call } = client as Extract<RedisClient, { call: unknown }>
    return (...command) => call.apply(client, command)
  }
  if (typeof (client as { sendCommand?: unknown } | undefined)?.sendCommand === 'function') {
    const { sendCommand } = client as Extract<RedisClient, { sendCommand: unknown }>
    return (...command) => sendCommand.call(client, command)
  }
  return refuse('redisStore', 'client', client, 'a client of ioredis or of node-redis')
}
