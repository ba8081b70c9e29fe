import { constant } from '@fetchstack/backoff'
import { type Decision, policy } from '@fetchstack/retry-decision'
import { type FaultyServer, faults, faultyServer } from '@fetchstack/testing'
import ky, { HTTPError } from 'ky'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { kyRetry } from '../src/index.ts'

let server: FaultyServer
beforeAll(async () => {
  server = await faultyServer()
})
beforeEach(() => server.reset())
afterAll(() => server.close())

const quick = { schedule: constant(1) }
const decisions = (): { seen: string[]; onDecision: (decision: Decision) => void } => {
  const seen: string[] = []
  return { seen, onDecision: ({ action, reason }) => void seen.push(`${action} ${reason}`) }
}

describe("a policy inside ky's own retry (mode B)", () => {
  it('resends what the policy says, and ky keeps its count and its hooks', async () => {
    const counts: number[] = []
    const api = ky.create({
      retry: kyRetry(quick),
      hooks: { beforeRetry: [({ retryCount }) => void counts.push(retryCount)] },
    })
    const response = await api.get(server.script('503,502,200'))
    expect([response.status, counts]).toEqual([200, [1, 2]])
  })

  it('makes the attempts that the policy allows, and no more', async () => {
    await expect(ky.get(server.script('503'), { retry: kyRetry({ ...quick, maxAttempts: 4 }) })).rejects.toBeInstanceOf(
      HTTPError,
    )
    expect(server.count()).toBe(4)
  })

  it('waits for Retry-After on a status for which ky itself ignores it', async () => {
    const began = performance.now()
    const url = server.script('504;retry-after=0.2,200')
    await ky.get(url, { retry: kyRetry({ ...quick, spread: 0 }) })
    expect(performance.now() - began).toBeGreaterThanOrEqual(195)
  })

  it('obeys x-should-retry: false, which ky itself ignores', async () => {
    const { seen, onDecision } = decisions()
    await expect(
      ky.get(server.script('503;x-should-retry=false'), { retry: kyRetry({ ...quick, onDecision }) }),
    ).rejects.toThrow('503')
    expect([server.count(), seen]).toEqual([1, ['give-up server-said-stop']])
  })

  it('does not resend a POST that may have been processed, and does resend one with an Idempotency-Key, body whole', async () => {
    const api = ky.create({ retry: kyRetry(quick) })
    await expect(api.post(server.script('503,200'), { json: { n: 1 } })).rejects.toThrow('503')
    expect(server.count()).toBe(1)
    server.reset()
    await api.post(server.script('503,reset,200'), { json: { n: 1 }, headers: { 'idempotency-key': 'k' } })
    expect(server.requests.map(({ text }) => text)).toEqual(['{"n":1}', '{"n":1}', '{"n":1}'])
  })

  it('resends a POST that never reached the server', async () => {
    const { seen, onDecision } = decisions()
    await expect(ky.post(server.refusedUrl, { json: {}, retry: kyRetry({ ...quick, onDecision }) })).rejects.toThrow(
      'network error',
    )
    expect(seen).toEqual(['retry network-unprocessed', 'retry network-unprocessed'])
  })

  it('does not resend a request to a port that fetch refuses, which ky itself resends', async () => {
    const { seen, onDecision } = decisions()
    await expect(ky.get('http://127.0.0.1:6000/', { retry: kyRetry({ ...quick, onDecision }) })).rejects.toThrow(
      'network error',
    )
    expect(seen).toEqual(['give-up permanent-error'])
  })

  it("takes ky's timeout of an attempt for what it is", async () => {
    const { seen, onDecision } = decisions()
    await ky.get(server.script('stall,200'), { timeout: 60, retry: kyRetry({ ...quick, onDecision }) })
    expect(seen).toEqual(['retry attempt-timeout'])
  })

  it('ends a wait at once when the caller aborts', async () => {
    server.route('GET /busy', faults.status(503, { 'retry-after': '50' }))
    const caller = new AbortController()
    let ask = (): void => {}
    const asked = new Promise<void>((resolve) => {
      ask = resolve
    })
    const call = ky.get(`${server.url}/busy`, {
      signal: caller.signal,
      retry: kyRetry({ onDecision: () => ask() }),
    })
    await asked
    caller.abort()
    await expect(call).rejects.toBe(caller.signal.reason)
    expect(server.count()).toBe(1)
  })

  it("ends a wait when ky's total time is up", async () => {
    server.route('GET /busy', faults.status(503, { 'retry-after': '50' }))
    await expect(ky.get(`${server.url}/busy`, { totalTimeout: 100, retry: kyRetry({}) })).rejects.toThrow(/timed out/)
    expect(server.count()).toBe(1)
  })

  it('of an error that came without its request it resends only what provably was not processed', async () => {
    const refused = (): Error => Object.assign(new Error('odd'), { code: 'ConnectionRefused' })
    const { shouldRetry } = kyRetry(quick)
    expect(await shouldRetry({ error: refused(), retryCount: 1 })).toBe(true)
    expect(
      await shouldRetry({ error: Object.assign(new Error('odd'), { code: 'ConnectionClosed' }), retryCount: 1 }),
    ).toBe(false)
  })

  it('takes a policy that is shared with a stack', () => {
    expect(kyRetry(policy({ maxAttempts: 5 })).limit).toBe(4)
    expect(kyRetry({ maxAttempts: Number.POSITIVE_INFINITY }).limit).toBe(Number.MAX_SAFE_INTEGER)
  })

  it.each([
    [{ maxAttempt: 3 }, /unknown option "maxAttempt"/],
    [{ maxAttempts: 0 }, /maxAttempts/],
    [{ random: 1 }, /random must be a function/],
    [{ onDecison: 1 }, /Did you mean "onDecision"/],
    [null, /options must be an object/],
  ])('refuses %j', (options, message) => {
    expect(() => kyRetry(options as object)).toThrow(message)
  })
})
