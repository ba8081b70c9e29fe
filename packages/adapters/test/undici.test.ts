import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { fromFetchWrapper, HandlerStack, type HttpRequest, type Middleware } from '@fetchstack/handler-stack'
import { type RetryOptions, retry } from '@fetchstack/retry'
import { faults, faultyServer } from '@fetchstack/testing'
import { Agent, type Dispatcher, fetch, interceptors, request, stream } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { interceptor } from '../src/undici.ts'

let server: Awaited<ReturnType<typeof faultyServer>>
const agents: Agent[] = []
beforeEach(async () => {
  server = await faultyServer()
})
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.destroy()))
  await server.close()
})

const quick: RetryOptions = { schedule: () => 1, budget: false, idempotentMethods: ['GET', 'POST'] }

function over(...layers: (Middleware | HandlerStack)[]): Dispatcher {
  const agent = new Agent()
  agents.push(agent)
  const stack = layers.reduce<HandlerStack>((all, layer) => all.push(layer) as never, HandlerStack.create())
  return agent.compose(interceptor(stack))
}

/** All that a failed test is to print. */
const statusOf = async (sent: Promise<Dispatcher.ResponseData>) => (await sent).statusCode

describe('interceptor, under request()', () => {
  it('gets through a 503 and a reset, and gives status, headers, body and trailers', async () => {
    const withTrailers = faults.raw(
      'HTTP/1.1 200 Fine\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-sum: 1\r\n\r\n',
    )
    server.route('GET /videos', [503, faults.reset(), withTrailers])
    const { statusCode, statusText, headers, body, trailers } = await request(`${server.url}/videos`, {
      dispatcher: over(retry(quick)),
    })
    expect({ statusCode, statusText, cookies: headers['set-cookie'] }).toEqual({
      statusCode: 200,
      statusText: 'Fine',
      cookies: ['a=1', 'b=2'],
    })
    expect(await body.text()).toBe('hello')
    expect(trailers).toEqual({ 'x-sum': '1' })
    expect(server.count()).toBe(3)
  })

  it.each([
    ['text', 'hello'],
    ['bytes', Buffer.from('hello')],
  ])('resends %s whole', async (_, body) => {
    server.route('POST /videos', [503, 200])
    const options = { method: 'POST', body, headers: { 'x-one': '1' }, dispatcher: over(retry(quick)) } as const
    expect((await request(`${server.url}/videos`, options)).statusCode).toBe(200)
    expect(server.requests.map(({ text, headers }) => [text, headers['x-one']])).toEqual([
      ['hello', '1'],
      ['hello', '1'],
    ])
  })

  it.each([
    ['a stream', () => Readable.from(['hel', 'lo'])],
    ['an iterable', () => ['hel', 'lo'].values()],
  ])('sends %s once, and never the rest of it', async (_, body) => {
    server.route('POST /videos', [503, 200])
    const options = { method: 'POST', body: body() as Readable, dispatcher: over(retry(quick)) } as const
    expect((await request(`${server.url}/videos`, options)).statusCode).toBe(503)
    expect(server.requests.map(({ text }) => text)).toEqual(['hello'])
  })

  it('shows layers the request, and sends what they make of it', async () => {
    server.route('*', 200)
    const seen: unknown[] = []
    const changes: Middleware = (next) => (given: HttpRequest, call) => {
      seen.push(given.method, given.url, given.header('X-One'))
      return next(given.withHeader('x-two', '2').with({ url: `${server.url}/other?q=1`, body: 'mine' }), call)
    }
    const options = { method: 'POST', body: 'theirs', query: { page: [1, 2] }, headers: { 'x-one': '1' } } as const
    await request(`${server.url}/a/b`, { ...options, dispatcher: over(changes) })
    expect(seen).toEqual(['POST', `${server.url}/a/b?page=1&page=2`, '1'])
    const [sent] = server.requests
    expect(sent).toMatchObject({ method: 'POST', text: 'mine', headers: { 'x-one': '1', 'x-two': '2' } })
    expect(sent?.url).toMatch(/\/other\?q=1$/)
  })

  it('rejects as undici does when the server keeps resetting', async () => {
    server.route('*', faults.reset())
    const sent = request(`${server.url}/`, { dispatcher: over(retry(quick)) })
    await expect(statusOf(sent)).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(server.count()).toBeGreaterThan(2)
  })

  it('ends a wait at once on abort, and a response that stalls too', async () => {
    server.route('GET /', 503)
    const controller = new AbortController()
    const slow = retry({ ...quick, schedule: () => 60_000, onDecision: () => controller.abort() })
    const sent = request(`${server.url}/`, { signal: controller.signal, dispatcher: over(slow) })
    await expect(statusOf(sent)).rejects.toMatchObject({ name: 'AbortError' })
    expect(server.count()).toBe(1)

    server.route('GET /stall', faults.stall())
    const other = new AbortController()
    const stalled = request(`${server.url}/stall`, { signal: other.signal, dispatcher: over(retry(quick)) })
    await server.until(() => server.count() === 2)
    other.abort()
    await expect(statusOf(stalled)).rejects.toMatchObject({ name: 'AbortError' })
    await server.idle()
  })

  it('ends a body on abort, with the connection', async () => {
    server.route('*', faults.stallBody({ sent: 4 }))
    const { body } = await request(`${server.url}/`, { dispatcher: over(retry(quick)) })
    const read = body.text()
    body.destroy(new Error('enough'))
    await expect(read).rejects.toThrow('enough')
    await server.idle()
  })

  it('gives an error in the middle of a body to who reads it', async () => {
    server.route('*', faults.resetBody({ sent: 4 }))
    const { body } = await request(`${server.url}/`, { dispatcher: over(retry(quick)) })
    await expect(body.text()).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('reads no more than is wanted: back-pressure reaches the server', async () => {
    let written = 0
    const big = createServer((_, response) => {
      Readable.from(
        (function* () {
          for (let index = 0; index < 640; index++) {
            written += 65_536
            yield Buffer.alloc(65_536)
          }
        })(),
      ).pipe(response)
    })
    await new Promise<void>((resolve) => {
      big.listen(0, '127.0.0.1', resolve)
    })
    const { port } = big.address() as AddressInfo
    const { body } = await request(`http://127.0.0.1:${port}/`, { dispatcher: over(retry(quick)) })
    let last = -1
    while (last !== written) {
      last = written
      await new Promise((resolve) => {
        setTimeout(resolve, 50)
      })
    }
    expect(written).toBeLessThan(640 * 65_536)
    expect((await body.arrayBuffer()).byteLength).toBe(640 * 65_536)
    big.close()
  })

  it('stands among the interceptors of undici', async () => {
    server.route('GET /old', [503, faults.redirect('/new')])
    server.route('GET /new', faults.ok('there'))
    const agent = new Agent()
    agents.push(agent)
    const dispatcher = agent.compose(interceptor(retry(quick)), interceptors.redirect({ maxRedirections: 3 }))
    const { body } = await request(`${server.url}/old`, { dispatcher })
    expect(await body.text()).toBe('there')
  })

  it('gives a response that a layer made', async () => {
    const mock: Middleware = () => async () =>
      new Response('mine', {
        status: 201,
        headers: [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      })
    const { statusCode, headers, body } = await request(server.url, { dispatcher: over(mock) })
    expect({ statusCode, cookies: headers['set-cookie'], text: await body.text() }).toEqual({
      statusCode: 201,
      cookies: ['a=1', 'b=2'],
      text: 'mine',
    })
    expect(server.count()).toBe(0)
  })

  it('answers HEAD, 204 and 304 without a body', async () => {
    server.route('*', '204,304,200')
    const dispatcher = over(retry(quick))
    for (const [method, status] of [
      ['GET', 204],
      ['GET', 304],
      ['HEAD', 200],
    ] as const) {
      const { statusCode, body } = await request(server.url, { method, dispatcher })
      expect([statusCode, await body.text()]).toEqual([status, ''])
    }
  })

  it('rejects with what a layer throws, and says so when a wrapper drops the fields of init', async () => {
    const broken: Middleware = () => () => {
      throw new Error('broken')
    }
    await expect(statusOf(request(server.url, { dispatcher: over(broken) }))).rejects.toThrow('broken')
    const drops = fromFetchWrapper((inner) => (input) => inner(input))
    await expect(statusOf(request(server.url, { dispatcher: over(drops) }))).rejects.toThrow(/dropped/)
    await expect(statusOf(request(server.url, { body: 1 as never, dispatcher: over() }))).rejects.toThrow(/body/)
  })
})

describe('interceptor, elsewhere', () => {
  it('works under stream()', async () => {
    server.route('*', [503, faults.ok('content')])
    const target = new PassThrough()
    await stream(server.url, { method: 'GET', dispatcher: over(retry(quick)) }, () => target)
    expect(Buffer.concat(await target.toArray()).toString()).toBe('content')
  })

  it("works under undici's fetch, redirects and all", async () => {
    server.route('GET /old', [503, faults.redirect('/new')])
    server.route('GET /new', faults.ok({ there: true }))
    const response = await fetch(`${server.url}/old`, { dispatcher: over(retry(quick)) })
    expect(response).toMatchObject({ status: 200, redirected: true, url: `${server.url}/new` })
    expect(await response.json()).toEqual({ there: true })
  })

  it('lets CONNECT and upgrades pass', () => {
    const seen: string[] = []
    const dispatch = interceptor(retry())((options: { method: string }) => {
      seen.push(options.method)
      return true
    })
    dispatch({ path: 'a:443', method: 'CONNECT' }, {})
    dispatch({ path: '/', method: 'GET', upgrade: 'websocket' }, {})
    expect(seen).toEqual(['CONNECT', 'GET'])
  })
})
