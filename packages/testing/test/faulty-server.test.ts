import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type FaultyServer, faults, faultyServer } from '../src/index.ts'
import { onOneConnection, rejection, shapeOf, start } from './helpers.ts'

const statuses = async (count: number, url: string, init?: RequestInit): Promise<number[]> => {
  const seen: number[] = []
  for (let index = 0; index < count; index++) {
    const response = await fetch(url, init)
    seen.push(response.status)
    await response.body?.cancel()
  }
  return seen
}

describe('routes', () => {
  it('a route plays one step per request, then the last one for good', async () => {
    const server = await start()
    server.route('GET /videos', [503, faults.status(429, { 'retry-after': '1' }), faults.ok([])])
    expect(await statuses(5, `${server.url}/videos?page=2`)).toEqual([503, 429, 200, 200, 200])
    expect(server.requests.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5])
  })

  it('routes count apart; a pattern set anew starts at its first step and keeps its place', async () => {
    const server = await start({ routes: { '/a': [500, 200], '/:any': [502, 201] } })
    expect(await statuses(2, `${server.url}/a`)).toEqual([500, 200])
    expect(await statuses(2, `${server.url}/b`)).toEqual([502, 201])
    server.route('/a', '504,reset,202')
    expect(await statuses(1, `${server.url}/a`)).toEqual([504])
    await rejection(fetch(`${server.url}/a`))
    expect(await statuses(1, `${server.url}/a`)).toEqual([202])
  })

  it('a function decides when the body is there, and may take its time', async () => {
    const server = await start({
      routes: {
        'POST /*': [({ text, attempt }) => (text === 'ok' ? 200 : 400 + attempt), async () => faults.ok('later')],
      },
    })
    expect(await statuses(1, `${server.url}/x`, { method: 'POST', body: 'no' })).toEqual([401])
    expect(await (await fetch(`${server.url}/x`, { method: 'POST' })).text()).toBe('later')
  })

  it('without a route it is a 404 that says which routes there are, and cannot be taken for a scripted one', async () => {
    const server = await start({ routes: { 'GET /a': 200, '/b': 200 } })
    const response = await fetch(`${server.url}/c?d=1`, { method: 'PUT' })
    expect([response.status, response.headers.get('x-faulty-server')]).toEqual([404, 'no-route'])
    expect(await response.text()).toBe('No route for PUT /c?d=1. There are:\n  GET /a\n  /b\n')
    expect(server.requests[0]).toMatchObject({ route: undefined, attempt: 0 })
    const empty = await start()
    expect(await (await fetch(empty.url)).text()).toContain('none: add one with server.route()')
  })

  it.each<[string, () => never]>([
    ['throws', () => expect.fail('on purpose')],
    ['gives no fault', () => ({ kind: 'nonsense' }) as never],
    ['gives a fault that cannot be sent', () => ({ kind: 'status', status: 1, headers: {} }) as never],
  ])('a step that %s is a 500 that says so', async (_, step) => {
    const server = await start({ routes: { '/a': step } })
    const response = await fetch(`${server.url}/a`)
    expect([response.status, response.headers.get('x-faulty-server')]).toEqual([500, 'step-failed'])
    expect(await response.text()).toMatch(/^A step of "\/a" failed: \w*Error.*\n$/)
  })

  it.each<[string, (server: FaultyServer) => unknown, string]>([
    ['a pattern without a slash', (server) => server.route('videos', 200), 'the pattern "videos" can\'t be read'],
    ['no steps', (server) => server.route('/a', []), 'steps: "/a" has none'],
    ['a step that is none', (server) => server.route('/a', [null as never]), 'not a fault'],
    ['a status out of range', (server) => server.route('/a', [1]), 'status must be a whole number'],
    ['a script', (server) => server.route('/a', '503,rest'), 'there is no fault "rest". Did you mean "reset"?'],
    ['a pattern to count', (server) => server.count('GET'), 'the pattern "GET" can\'t be read'],
  ])('%s: refused at once', async (_, act, message) => {
    const server = await start()
    expect(() => act(server)).toThrow(
      expect.objectContaining({ name: 'OptionError', message: expect.stringContaining(message) }),
    )
  })
})

describe('records', () => {
  it('a request is recorded with all that came, byte for byte', async () => {
    const server = await start({ routes: { '*': 200 } })
    const body = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251)
    const before = performance.timeOrigin + performance.now()
    await fetch(`${server.url}/upload?a=1`, { method: 'PUT', body, headers: { 'X-Key': 'v' } })
    const [record] = server.requests
    expect(record).toMatchObject({
      number: 1,
      attempt: 1,
      route: '*',
      method: 'PUT',
      url: '/upload?a=1',
      path: '/upload',
      bodyBytes: 300_000,
      complete: true,
      aborted: false,
      socket: 1,
      fault: { kind: 'status', status: 200 },
    })
    expect(record?.headers).toMatchObject({ 'x-key': 'v', 'content-length': '300000' })
    expect(Buffer.compare(record!.body, body)).toBe(0)
    expect(record?.at).toBeGreaterThan(before)
  })

  it('text is the body as UTF-8', async () => {
    const server = await start({ routes: { '*': 200 } })
    await fetch(server.url, { method: 'POST', body: 'grün' })
    expect(server.requests[0]?.text).toBe('grün')
    expect(server.requests[0]?.body).toEqual(new TextEncoder().encode('grün'))
  })

  it('an upload that breaks off leaves what arrived of it', async () => {
    const server = await start({ routes: { '*': 200 } })
    const controller = new AbortController()
    const body = new ReadableStream<Uint8Array>({ start: (stream) => stream.enqueue(new Uint8Array([1, 2, 3])) })
    const init = { method: 'POST', body, duplex: 'half', signal: controller.signal }
    const response = fetch(server.url, init)
    await server.until(() => server.requests[0]?.bodyBytes === 3)
    controller.abort()
    await rejection(response)
    await server.idle()
    expect(server.requests[0]).toMatchObject({ complete: false, aborted: true, fault: undefined })
    expect(server.requests[0]?.body).toEqual(new Uint8Array([1, 2, 3]))
  })

  it('keepBody bounds what is kept, not what is counted', async () => {
    const server = await start({ keepBody: 4, routes: { '*': 200 } })
    await fetch(server.url, { method: 'POST', body: 'abcdefgh' })
    expect(server.requests[0]).toMatchObject({ text: 'abcd', bodyBytes: 8, complete: true })
  })

  it('headers that came twice are both there', async () => {
    const server = await start({ routes: { '*': 200 } })
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.write('GET / HTTP/1.1\r\nhost: x\r\nauthorization: a\r\nAuthorization: b\r\n__proto__: c\r\n\r\n')
    await server.until(() => server.requests[0]?.complete === true)
    socket.destroy()
    expect(server.requests[0]?.headers['authorization']).toBe('a, b')
    expect(Object.keys(server.requests[0]!.headers)).toContain('__proto__')
  })

  it('pipelined requests are answered one after the other, and a target may be a whole URL', async () => {
    const server = await start({
      routes: { '/a': faults.early(faults.ok('first')), '/': faults.early(faults.ok('second')) },
    })
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.write(
      'GET http://other.example/a?b HTTP/1.1\r\nhost: x\r\n\r\nGET http://other.example HTTP/1.1\r\nhost: x\r\n\r\n',
    )
    let received = ''
    for await (const chunk of socket.setEncoding('utf8')) {
      received += String(chunk)
      if (received.endsWith('second')) break
    }
    expect(received.indexOf('first')).toBeLessThan(received.indexOf('second'))
    expect(server.requests.map(({ path }) => path)).toEqual(['/a', '/'])
    await server.idle()
  })

  it('an answer that the client does not want to read whole is an abort', async () => {
    const server = await start({ routes: { '*': faults.ok(new Uint8Array(20_000_000)) } })
    const response = await fetch(server.url)
    await response.body?.cancel()
    await server.idle()
    expect(server.requests[0]?.aborted).toBe(true)
  })

  it('what the server itself breaks off is no abort of the client', async () => {
    const server = await start({ routes: { '*': '200,reset,close,reset-body,truncate,garbage,stall' } })
    for (let index = 0; index < 6; index++)
      await fetch(server.url)
        .then((response) => response.text())
        .catch(() => {})
    const stalled = rejection(fetch(server.url))
    await server.until(() => server.requests.at(-1)?.fault?.kind === 'stall')
    await server.close()
    await stalled
    expect(server.requests.map(({ aborted }) => aborted)).toEqual(Array.from({ length: 7 }, () => false))
  })

  it('count() counts by pattern, whatever route it fell to', async () => {
    const server = await start({ routes: { '*': 200 } })
    for (const path of ['/a', '/a/1', '/b']) await statuses(2, server.url + path)
    await statuses(1, `${server.url}/a`, { method: 'POST' })
    expect([server.count(), server.count('/a'), server.count('GET /a'), server.count('/a/*')]).toEqual([7, 3, 2, 2])
    expect([server.count('/:id'), server.count('PUT /a'), server.count('get /b')]).toEqual([5, 0, 2])
  })

  it('reset() forgets requests and counts, and starts all scripts anew', async () => {
    const server = await start({ routes: { '/a': [500, 200] } })
    const url = server.script('502,201')
    expect(await statuses(2, `${server.url}/a`)).toEqual([500, 200])
    expect(await statuses(2, url)).toEqual([502, 201])
    const { requests } = server
    server.reset()
    expect([requests.length, server.requests.length, server.count()]).toEqual([4, 0, 0])
    expect(server.totalSockets).toBe(server.openSockets)
    expect(await statuses(2, `${server.url}/a`)).toEqual([500, 200])
    expect(await statuses(2, url)).toEqual([502, 201])
    expect(server.requests.map(({ number }) => number)).toEqual([1, 2, 3, 4])
  })
})

describe('connections', () => {
  it('are counted: open, in all, and which one a request came on', async () => {
    const server = await start({ routes: { '*': '200,204,close,201' } })
    expect(await onOneConnection(server.url, ['GET', 'GET', 'GET', 'GET'])).toEqual([200, 204, undefined, 201])
    expect(server.requests.map(({ socket }) => socket)).toEqual([1, 1, 1, 2])
    expect([server.openSockets, server.totalSockets]).toEqual([1, 2])
  })

  it('a kept connection is not closed by the server on its own', async () => {
    const server = await start({ routes: { '*': 200 } })
    const response = await fetch(server.url)
    await response.text()
    expect(response.headers.get('keep-alive')).toBeNull()
    expect(response.headers.get('connection')).toBe('keep-alive')
  })

  it('refusedUrl refuses', async () => {
    const server = await start()
    const refused = { error: 'TypeError: fetch failed', code: 'ECONNREFUSED', syscall: 'connect' }
    expect(shapeOf(await rejection(fetch(server.refusedUrl)))).toMatchObject(refused)
  })

  it('refuse() and accept(): a refused connection becomes an accepted one, on the same port', async () => {
    const server = await start({ routes: { '*': 200 } })
    const refused = { error: 'TypeError: fetch failed', code: 'ECONNREFUSED', syscall: 'connect' }
    for (let round = 0; round < 10; round++) {
      expect(await statuses(1, server.url)).toEqual([200])
      await server.refuse()
      expect(server.openSockets).toBe(0)
      expect(shapeOf(await rejection(fetch(server.url)))).toMatchObject(refused)
      await server.accept()
    }
    expect(server.count()).toBe(10)
  })

  it('refuse() breaks off what is under way', async () => {
    const server = await start({ routes: { '*': faults.stall() } })
    const stalled = rejection(fetch(server.url))
    await server.until(() => server.activeRequests === 1)
    await server.refuse()
    expect(shapeOf(await stalled)).toMatchObject({ code: 'UND_ERR_SOCKET' })
    expect(server.activeRequests).toBe(0)
  })

  it('refuse("reset"): connections are reset while they are made', async () => {
    const server = await start({ routes: { '*': 200 } })
    expect(await statuses(1, server.url)).toEqual([200])
    await server.refuse('reset')
    expect(shapeOf(await rejection(fetch(server.url)))).toMatchObject({ code: 'ECONNRESET' })
    await server.refuse()
    expect(shapeOf(await rejection(fetch(server.url)))).toMatchObject({ code: 'ECONNREFUSED' })
    await server.accept()
    await server.accept()
    expect(await statuses(1, server.url)).toEqual([200])
    expect(server.count()).toBe(2)
    await expect(server.refuse('no' as never)).rejects.toThrow('how must be one of "closed", "reset", got "no"')
  })
})

describe('until', () => {
  it('rejects with the state of the server when its time is up', async () => {
    const server = await start()
    await expect(server.until(() => false, { timeout: 1 })).rejects.toThrow(
      'did not come within 1 ms: 0 open sockets, 0 requests under way, 0 requests received.',
    )
  })

  it('rejects with what the condition throws', async () => {
    const server = await start()
    await expect(server.until(() => expect.fail('on purpose'))).rejects.toThrow('on purpose')
  })

  it('rejects when the server is closed', async () => {
    const server = await start()
    const waiting = rejection(server.until(() => false, { timeout: 60_000 }))
    await server.close()
    expect(String(await waiting)).toContain('closed while something was waited for')
  })

  it('refuses what it cannot use', async () => {
    const server = await start()
    await expect(server.until(1 as never)).rejects.toThrow('condition must be a function, got 1')
    await expect(server.idle({ timeout: -1 })).rejects.toThrow('timeout must be a number of milliseconds')
    await expect(server.idle({ time: 1 } as never)).rejects.toThrow('unknown option "time"')
  })
})

describe('its life', () => {
  it('close() ends stalled answers, uploads and idle connections, and can be called twice', async () => {
    const server = await start({ routes: { '/ok': 200, '/stall': '*'.replace('*', 'stall'), '*': 'stall-body' } })
    await statuses(1, `${server.url}/ok`)
    const stalled = rejection(fetch(`${server.url}/stall`))
    const body = await fetch(`${server.url}/body`)
    const idle = connect(Number(new URL(server.url).port), '127.0.0.1')
    idle.on('error', () => {})
    await server.until(() => server.openSockets === 4 && server.activeRequests === 2)
    await Promise.all([server.close(), server.close()])
    expect([server.openSockets, server.activeRequests]).toEqual([0, 0])
    expect(shapeOf(await stalled)).toMatchObject({ code: 'UND_ERR_SOCKET' })
    expect(shapeOf(await rejection(body.text()))).toMatchObject({ error: 'TypeError: terminated' })
    expect(shapeOf(await rejection(fetch(server.url)))).toMatchObject({ code: 'ECONNREFUSED' })
    await expect(server.accept()).rejects.toThrow("can't accept, the server is closed")
    await expect(server.refuse()).rejects.toThrow("can't refuse, the server is closed")
  })

  it('is closed by `await using`', async () => {
    const server = await start()
    await server[Symbol.asyncDispose]()
    expect(shapeOf(await rejection(fetch(server.url)))).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('url is the origin, on the port that was asked for', async () => {
    const first = await faultyServer()
    expect(first.url).toBe(new URL(first.url).origin)
    const { port } = new URL(first.url)
    await first.close()
    const second = await start({ port: Number(port) })
    expect(second.url).toBe(first.url)
    await expect(faultyServer({ port: Number(port) })).rejects.toThrow('EADDRINUSE')
  })

  it.each<[object, string]>([
    [{ route: {} }, 'unknown option "route". Did you mean "routes"?'],
    [{ routes: { nothing: 200 } }, 'the pattern "nothing" can\'t be read'],
    [{ routes: 1 }, 'options must be an object, got 1'],
    [{ port: 65_536 }, 'port must be a whole number from 0 to 65535'],
    [{ keepBody: -1 }, 'keepBody must be a whole number of bytes'],
    [{ tls: 1 }, 'options must be an object, got 1'],
    [{ tls: { name: [] } }, 'unknown option "name". Did you mean "names"?'],
    [{ tls: { names: 'localhost' } }, 'names must be a list of strings'],
    [{ tls: { validTo: '2020' } }, 'validTo must be a valid Date'],
  ])('the options %o are refused', async (options, message) => {
    await expect(faultyServer(options)).rejects.toThrow(message)
  })
})
