/** One of several processes that share a token in Redis: asks for tokens, has them rejected, and prints what it was given last. */
import { setTimeout as sleep } from 'node:timers/promises'
import { makeToken, tokenSource } from '@fetchstack/token-source'
import { redisStore } from '@fetchstack/token-source/redis'
import { Redis } from 'ioredis'
import { createClient } from 'redis'

const [kind, port, key, url, rounds] = process.argv.slice(2) as [string, string, string, string, string]
const nodeRedis = kind === 'redis' ? createClient({ url: `redis://127.0.0.1:${port}` }) : undefined
await nodeRedis?.connect()
const ioredis = kind === 'ioredis' ? new Redis(Number(port), '127.0.0.1') : undefined
const source = tokenSource(
  async ({ current, signal }) => {
    const body = new URLSearchParams({ refresh_token: current?.refreshToken?.reveal() ?? 'r0' })
    const response = await fetch(`${url}/token`, { method: 'POST', body, signal })
    const answer = (await response.json()) as Record<'error' | 'value' | 'refreshToken', string>
    if (!response.ok) throw Object.assign(new Error('refused'), { error: answer.error })
    return makeToken({ value: answer.value, refreshToken: answer.refreshToken })
  },
  // So that a token may be rejected as often as the test wants.
  { failureBackoff: () => 0, store: redisStore((nodeRedis ?? ioredis)!, key) },
)
for (let round = 0; round < Number(rounds); round++) {
  const token = await source.get()
  await sleep(Math.random() * 5)
  await source.replace(token)
}
process.stdout.write(source.peek()!.value.reveal())
await nodeRedis?.close()
ioredis?.disconnect()
