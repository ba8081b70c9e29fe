import { getEventListeners } from 'node:events'
import { bearer } from '@fetchstack/auth'
import { fetchHandler } from '@fetchstack/handler-stack'
import { explain } from '@fetchstack/retry'
import { faults, faultyServer } from '@fetchstack/testing'
import { isTimeoutError } from '@fetchstack/timeout'
import { describe, expect, it } from 'vitest'
import { stack } from '../src/example.ts'

const constructors = ['Request', 'Response', 'Headers', 'URL', 'Blob', 'FormData', 'ReadableStream'] as const

/** Counts what is constructed while `run` runs. */
async function constructed(run: () => Promise<unknown>): Promise<string[]> {
  const made: string[] = []
  const originals = constructors.map((name) => [name, globalThis[name]] as const)
  for (const [name, original] of originals) {
    const counting = new Proxy(original, {
      construct(target, args, newTarget) {
        made.push(name)
        return Reflect.construct(target, args, newTarget) as object
      },
    })
    Object.assign(globalThis, { [name]: counting })
  }
  try {
    await run()
  } finally {
    for (const [name, original] of originals) Object.assign(globalThis, { [name]: original })
  }
  return made
}

describe('the standard stack', () => {
  it('constructs nothing that the platform does not need when all goes well', async () => {
    const answers = Array.from({ length: 4 }, () => new Response('fine'))
    const queue = [...answers]
    const api = stack.withHandler(fetchHandler(() => Promise.resolve(queue.shift()!))).toFetch()
    // The first call of all may fill caches.
    await api('https://api.example.com/videos')
    const got: Response[] = []
    const made = await constructed(async () => {
      got.push(await api('https://api.example.com/videos'))
      got.push(await api('https://api.example.com/videos', { method: 'POST', body: 'x', headers: { accept: '*/*' } }))
      got.push(await api('https://api.example.com/videos', { headers: { Accept: '*/*' }, redirect: 'follow' }))
      for (const response of got) await response.text()
    })
    expect(made).toEqual([])
    expect(got.every((response, index) => response === answers[index + 1])).toBe(true)
  })

  it('leaves no listener on a signal that 300 calls share, and no timer', async () => {
    await using server = await faultyServer({ routes: { '*': faults.ok('fine') } })
    const api = stack.replace('auth', bearer('t', { origins: server.url })).toFetch()
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    const shared = new AbortController()
    for (let i = 0; i < 300; i++) await (await api(server.url, { signal: shared.signal })).text()
    expect(getEventListeners(shared.signal, 'abort')).toHaveLength(0)
    expect(timers()).toBeLessThanOrEqual(before)
  })

  it('leaves at most 3 sockets after 40 calls that each drop a response of 200 KB', async () => {
    await using server = await faultyServer()
    const api = stack.replace('auth', bearer('t', { origins: server.url })).toFetch()
    for (let i = 0; i < 40; i++) {
      server.route(`GET /${i}`, [faults.status(503, {}, 'x'.repeat(200_000)), faults.ok('fine')])
      const options = { retry: { budget: false, schedule: () => 1 } } as const
      await (await api(`${server.url}/${i}`, { fetchstack: options })).text()
    }
    expect(server.count()).toBe(80)
    await server.until(({ openSockets }) => openSockets <= 3)
  })

  it('retries an attempt that times out, and gives up with the total timeout, whose trail is readable', async () => {
    await using server = await faultyServer({
      routes: { '/once': [faults.stall(), faults.ok()], '/never': faults.stall() },
    })
    const api = stack.replace('auth', bearer('t', { origins: server.url })).toFetch()
    const quick = { 'attempt-timeout': 50, retry: { schedule: () => 1 } } as const
    const response = await api(`${server.url}/once`, { fetchstack: quick })
    expect(explain(response)?.records.map(({ decision }) => decision.reason)).toEqual(['attempt-timeout', 'success'])
    const error = await api(`${server.url}/never`, {
      fetchstack: { 'total-timeout': 80, 'attempt-timeout': false },
    }).catch((caught: unknown) => caught)
    expect(error).toSatisfy(isTimeoutError)
    expect(error).toMatchObject({ layer: 'total-timeout', phase: 'headers' })
  })
})
