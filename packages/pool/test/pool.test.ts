import { getEventListeners } from 'node:events'
import { OptionError } from '@fetchstack/options'
import { type FaultyServer, faultyServer } from '@fetchstack/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { batch, type PoolRequest, type PoolResult, pool } from '../src/index.ts'

let server: FaultyServer
beforeEach(async () => {
  server = await faultyServer()
})
afterEach(() => server.close())

const numbers = (count: number, script = '200'): string[] =>
  Array.from({ length: count }, (_, index) => server.script(`${script};body=${index}`))

async function collect(results: AsyncIterable<PoolResult>): Promise<PoolResult[]> {
  const all: PoolResult[] = []
  for await (const result of results) all.push(result)
  return all
}

async function textOf(result: PoolResult): Promise<string> {
  return result.status === 'fulfilled' ? result.value.text() : `failed: ${(result.reason as Error).name}`
}

describe('pool', () => {
  test('gives results in the order of the requests, whatever settles first', async () => {
    const urls = [server.script('200;delay=60;body=slow'), server.script('200;body=fast')]
    const seen: [number, string][] = []
    for await (const result of pool(fetch, urls)) seen.push([result.index, await textOf(result)])
    expect(seen).toEqual([
      [0, 'slow'],
      [1, 'fast'],
    ])
  })

  test("gives each as it settles with order 'settled', with its index and request", async () => {
    const urls = [server.script('200;delay=60;body=slow'), server.script('200;body=fast')]
    const seen: unknown[] = []
    for await (const result of pool(fetch, urls, { order: 'settled' })) {
      seen.push([result.index, result.request, await textOf(result)])
    }
    expect(seen).toEqual([
      [1, urls[1], 'fast'],
      [0, urls[0], 'slow'],
    ])
  })

  test('has at most `concurrency` under way', async () => {
    let under = 0
    let most = 0
    const counting = async (input: string | URL | Request): Promise<Response> => {
      most = Math.max(most, ++under)
      const response = await fetch(input)
      under--
      return response
    }
    for await (const result of pool(counting, numbers(20, '200;delay=5'), { concurrency: 3 })) await textOf(result)
    expect(most).toBe(3)
  })

  test('runs no further ahead of what was taken than it may, so that an endless source will do', async () => {
    let asked = 0
    function* endless(): Generator<string> {
      for (;;) yield server.script(`200;body=${asked++}`)
    }
    const texts: string[] = []
    for await (const result of pool(fetch, endless(), { concurrency: 2, ahead: 4 })) {
      texts.push(await textOf(result))
      if (texts.length === 3) {
        await server.idle()
        break
      }
    }
    expect(texts).toEqual(['0', '1', '2'])
    expect(asked).toBeLessThanOrEqual(3 + 4 + 1)
  })

  test('a request that fails is a result, and the others go on', async () => {
    const urls = [server.refusedUrl, server.script('200;body=a'), server.script('reset'), server.script('503;body=b')]
    const texts: string[] = []
    for await (const result of pool(fetch, urls)) texts.push(await textOf(result))
    expect(texts).toEqual(['failed: TypeError', 'a', 'failed: TypeError', 'b'])
  })

  test('takes URLs, Requests, pairs and functions', async () => {
    server.route('*', ({ method, text }) => (method === 'POST' && text === 'data' ? 201 : 200))
    const url = `${server.url}/`
    const requests: PoolRequest[] = [
      new URL(url),
      new Request(url, { method: 'POST', body: 'data' }),
      [url, { method: 'POST', body: 'data' }],
      [new URL(url)],
      (fetch, signal) => fetch(url, { method: 'POST', body: 'data', signal }),
    ]
    const results = await batch(fetch, requests)
    expect(results.map((result) => result.status === 'fulfilled' && result.value.status)).toEqual([
      200, 201, 201, 200, 201,
    ])
  })

  test('a source that is asynchronous will do', async () => {
    async function* later(): AsyncGenerator<string> {
      yield* numbers(3)
    }
    const texts: string[] = []
    for await (const result of pool(fetch, later())) texts.push(await textOf(result))
    expect(texts).toEqual(['0', '1', '2'])
  })

  test('leaving the loop aborts what is under way and closes the source; what was taken can still be read', async () => {
    let closed = false
    function* source(): Generator<string> {
      try {
        yield server.script('200;body=first')
        for (;;) yield server.script('stall')
      } finally {
        closed = true
      }
    }
    let first: PoolResult | undefined
    for await (const result of pool(fetch, source(), { concurrency: 4 })) {
      first = result
      await server.until(() => server.requests.length === 5)
      break
    }
    await server.idle()
    expect(server.requests.map(({ aborted }) => aborted)).toEqual([false, true, true, true, true])
    expect(await textOf(first!)).toBe('first')
    await expect.poll(() => closed).toBe(true)
  })

  test('leaving the loop frees the connections of responses that nobody took', async () => {
    const results = pool(fetch, numbers(10, '200;size=200000'), { concurrency: 10, order: 'settled' })
    await results.next()
    await server.until(() => server.requests.length === 10)
    await results.return!()
    // Ten at most; the response that was taken is still unread.
    await server.until(() => server.openSockets <= 2)
    expect(server.openSockets).toBeLessThanOrEqual(2)
  })

  test('an abort ends it at once with the reason, and everything under way', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const iterating = collect(pool(fetch, [server.script('stall'), server.script('stall')], controller))
    await server.until(() => server.requests.length === 2)
    controller.abort(reason)
    await expect(iterating).rejects.toBe(reason)
    await server.idle()
    expect(server.requests.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('is aborted before it starts anything by a signal that is aborted already', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(collect(pool(fetch, numbers(3), { signal }))).rejects.toThrow('enough')
    expect(server.requests).toEqual([])
  })

  test("a request's own signal ends that request only", async () => {
    const own = AbortSignal.abort(new Error('mine'))
    const [url] = numbers(1)
    const results = await batch(fetch, [[url!, { signal: own }], new Request(url!, { signal: own }), url!])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  })

  test('leaves no listener on a signal that many requests share', async () => {
    const controller = new AbortController()
    for await (const result of pool(fetch, numbers(50), { signal: controller.signal })) await textOf(result)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('what the source throws ends it', async () => {
    function* broken(): Generator<string> {
      yield* numbers(1)
      throw new RangeError('no more')
    }
    const seen: number[] = []
    const iterate = async () => {
      for await (const { index } of pool(fetch, broken(), { concurrency: 1 })) seen.push(index)
    }
    await expect(iterate()).rejects.toThrow('no more')
    expect(seen).toEqual([0])
  })

  test('an answer that comes after the end is released', async () => {
    let answer: (response: Response) => void
    const late = new Promise<Response>((resolve) => {
      answer = resolve
    })
    let cancelled = false
    const deaf = (): Promise<Response> => late
    const results = pool(deaf, [() => Promise.resolve(new Response()), 'https://late.example/'])
    await results.next()
    await results.return!()
    answer!(new Response(new ReadableStream({ cancel: () => void (cancelled = true) })))
    await expect.poll(() => cancelled).toBe(true)
  })
})

describe('batch', () => {
  test('gives all results in the order of the requests, failures among them', async () => {
    const urls = [server.script('200;delay=40;body=a'), server.refusedUrl, server.script('200;body=c')]
    const results = await batch(fetch, urls, { concurrency: 2 })
    expect(results.map(({ index, status }) => [index, status])).toEqual([
      [0, 'fulfilled'],
      [1, 'rejected'],
      [2, 'fulfilled'],
    ])
    expect(await Promise.all(results.map(textOf))).toEqual(['a', 'failed: TypeError', 'c'])
  })

  test('a slow request does not hold up the others', async () => {
    const urls = [server.script('stall'), ...numbers(10)]
    const controller = new AbortController()
    const all = batch(fetch, urls, { concurrency: 2, signal: controller.signal })
    await server.until(() => server.requests.length === 11)
    controller.abort()
    await expect(all).rejects.toThrow('aborted')
  })

  test('of nothing is nothing', async () => {
    expect(await batch(fetch, [])).toEqual([])
  })
})

describe('refuses', () => {
  test.each<[unknown, unknown, unknown, string]>([
    ['fetch', [], {}, 'fetch must be a function'],
    [fetch, 'https://api.example.com/', {}, 'requests must be a list'],
    [fetch, undefined, {}, 'requests must be a list'],
    [fetch, [], { concurrency: 0 }, 'concurrency'],
    [fetch, [], { concurrency: 1.5 }, 'concurrency'],
    [fetch, [], { signal: 'stop' }, 'signal must be an AbortSignal'],
    [fetch, [], { concurency: 5 }, 'Did you mean "concurrency"'],
  ])('what can not be used, case %#', async (fetch, requests, options, message) => {
    expect(() => pool(fetch as never, requests as never, options as never)).toThrow(OptionError)
    expect(() => pool(fetch as never, requests as never, options as never)).toThrow(message)
    await expect(batch(fetch as never, requests as never, options as never)).rejects.toThrow(message)
  })

  test('an order that there is not, and less room than what is under way', () => {
    expect(() => pool(fetch, [], { order: 'random' as never })).toThrow(/order/)
    expect(() => pool(fetch, [], { concurrency: 5, ahead: 4 })).toThrow(/ahead/)
  })
})
