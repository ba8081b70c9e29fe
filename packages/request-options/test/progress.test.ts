import { HandlerStack } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import { type FaultyServer, faultyServer, mockHandler } from '@fetchstack/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Progress, type ProgressOptions, progress } from '../src/index.ts'

let server: FaultyServer
beforeAll(async () => {
  server = await faultyServer()
})
afterAll(() => server.close())

const through = (options: ProgressOptions) => HandlerStack.create().push(progress(options)).toFetch()

describe('download', () => {
  test('is told from 0 to the whole, as it is read', async () => {
    const told: Progress[] = []
    const api = through({ download: (one) => void told.push(one) })
    const response = await api(server.script('200;size=300000'))
    expect(told).toEqual([{ loaded: 0, total: 300_000, ratio: 0 }])
    expect((await response.arrayBuffer()).byteLength).toBe(300_000)
    expect(told.length).toBeGreaterThan(2)
    expect(told.at(-1)).toEqual({ loaded: 300_000, total: 300_000, ratio: 1 })
    const loaded = told.map((one) => one.loaded)
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b))
  })

  test('has no total where the length is not told', async () => {
    const told: Progress[] = []
    const api = through({ download: (one) => void told.push(one) })
    await (await api(server.script('drip;bytes=16;interval=1').replace('drip', 'drip'))).text()
    const chunked = server.script('200;transfer-encoding=chunked;body=hello')
    told.length = 0
    await (await api(chunked)).text()
    expect(told.at(-1)).toEqual({ loaded: 5, total: undefined, ratio: undefined })
  })

  test('keeps url, redirected, type, status and headers, in clones too', async () => {
    await using own = await faultyServer({ routes: { '/a': '302;location=/b', '/b': '404;x-own=1;body=gone' } })
    const bare = await fetch(`${own.url}/a`)
    const response = await through({ download: () => {} })(`${own.url}/a`)
    for (const one of [response, response.clone(), response.clone().clone()]) {
      expect([one.url, one.redirected, one.type, one.status, one.ok, one.headers.get('x-own')]).toEqual([
        bare.url,
        true,
        bare.type,
        404,
        false,
        '1',
      ])
      expect(await one.text()).toBe('gone')
    }
  })

  test('reads nothing ahead, and a cancel reaches the server', async () => {
    const response = await through({ download: () => {} })(server.script('stall-body;sent=10'))
    await response.body!.cancel()
    await server.idle()
    expect(server.requests.at(-1)!.aborted).toBe(true)
  })

  test('an error of the body stays that error', async () => {
    const bare = await (await fetch(server.script('truncate'))).text().catch((error: unknown) => error)
    const failed = await (await through({ download: () => {} })(server.script('truncate')))
      .text()
      .catch((error: unknown) => error)
    expect(failed).toMatchObject({ name: (bare as Error).name, message: (bare as Error).message })
  })

  test.each([204, 304])('an answer without a body, %d, is passed on as it is', async (status) => {
    const given = new Response(null, { status })
    const told: Progress[] = []
    const api = HandlerStack.create(mockHandler([given]))
      .push(progress({ download: (one) => void told.push(one) }))
      .toFetch()
    expect(await api('https://api.example.com/')).toBe(given)
    expect(told).toEqual([])
  })

  test('the size of what is compressed is not told as a total', async () => {
    const given = new Response('hello', { headers: { 'content-encoding': 'gzip', 'content-length': '25' } })
    const told: Progress[] = []
    const api = HandlerStack.create(mockHandler([given]))
      .push(progress({ download: (one) => void told.push(one) }))
      .toFetch()
    await (await api('https://api.example.com/')).text()
    expect(told.at(-1)).toEqual({ loaded: 5, total: undefined, ratio: undefined })
  })
})

describe('upload', () => {
  test('of a stream is counted as it is taken, and arrives whole', async () => {
    const told: Progress[] = []
    const pieces = ['one ', 'two ', 'three']
    const body = new ReadableStream({
      pull(controller) {
        const piece = pieces.shift()
        if (piece === undefined) controller.close()
        else controller.enqueue(new TextEncoder().encode(piece))
      },
    })
    const url = server.script('200')
    await (
      await through({ upload: (one) => void told.push(one) })(url, { method: 'POST', body, duplex: 'half' })
    ).text()
    expect(told.map(({ loaded }) => loaded)).toEqual([0, 4, 8, 13])
    expect(server.requests.at(-1)!.text).toBe('one two three')
  })

  test.each<[string, () => BodyInit, number | undefined]>([
    ['a string', () => 'grüße', 7],
    ['bytes', () => new Uint8Array(10), 10],
    ['a blob', () => new Blob(['hello']), 5],
    ['parameters', () => new URLSearchParams({ a: 'ü' }), 8],
    ['a form', () => new FormData(), undefined],
  ])('of %s tells the start and the end', async (_, body, total) => {
    const told: Progress[] = []
    const api = through({ upload: (one) => void told.push(one) })
    await (await api(server.script('200'), { method: 'POST', body: body() })).text()
    expect(told).toEqual([
      { loaded: 0, total, ratio: total === undefined ? undefined : 0 },
      { loaded: total ?? 0, total, ratio: total === undefined ? undefined : 1 },
    ])
  })

  test('of a Request leaves it as it is', async () => {
    const request = new Request(server.script('200'), { method: 'POST', body: 'data' })
    const told: number[] = []
    await (await through({ upload: ({ loaded }) => void told.push(loaded) })(request)).text()
    expect(told).toEqual([0, 0])
    expect(server.requests.at(-1)!.headers['content-length']).toBe('4')
  })

  test('without a body there is nothing to tell', async () => {
    const told: Progress[] = []
    await (await through({ upload: (one) => void told.push(one) })(server.script('200'))).text()
    expect(told).toEqual([])
  })
})

test.each([[undefined], [{}], [{ download: 'yes' }], [{ upload: 1 }], [{ downlod: () => {} }]])(
  'refuses %o',
  (options) => {
    expect(() => progress(options as ProgressOptions)).toThrow(OptionError)
  },
)
