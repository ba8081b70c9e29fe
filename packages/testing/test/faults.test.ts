import { describe, expect, it } from 'vitest'
import { type Fault, faults } from '../src/index.ts'
import { onOneConnection, rejection, shapeOf, start } from './helpers.ts'

const sixtyFour = 'This body is sixty-four bytes long, so that its half is too ....'

async function fetchFault(fault: Fault, init?: RequestInit): Promise<Response> {
  const server = await start({ routes: { '*': fault } })
  return fetch(server.url, init)
}

describe('whole answers', () => {
  it('a status comes with its headers, and says what it means when no body was given', async () => {
    const response = await fetchFault(faults.status(503, { 'retry-after': '1', 'Set-Cookie': ['a=1', 'b=2'] }))
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await response.text()).toBe('503 Service Unavailable\n')
  })

  it('an unregistered status is sent too', async () => {
    const response = await fetchFault(faults.status(525))
    expect([response.status, await response.text()]).toEqual([525, '525 Unknown\n'])
  })

  it.each([204, 205, 304])('%i has no body', async (status) => {
    const response = await fetchFault(faults.status(status))
    expect([response.status, await response.text()]).toEqual([status, ''])
  })

  it('an object is sent as JSON, a string as text, bytes as they are', async () => {
    const json = await fetchFault(faults.ok({ videos: [1] }))
    expect(json.headers.get('content-type')).toBe('application/json')
    expect(await json.json()).toEqual({ videos: [1] })

    const text = await fetchFault(faults.ok('grün'))
    expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(text.headers.get('content-length')).toBe('5')
    expect(await text.text()).toBe('grün')

    const bytes = await fetchFault(faults.ok(new Uint8Array([0, 255, 1]), { 'Content-Type': 'image/png' }))
    expect(bytes.headers.get('content-type')).toBe('image/png')
    expect(await bytes.bytes()).toEqual(new Uint8Array([0, 255, 1]))
  })

  it('a redirect is followed', async () => {
    const server = await start({ routes: { '/old': faults.redirect('/new', 308), '/new': faults.ok('here') } })
    const response = await fetch(`${server.url}/old`)
    expect([response.redirected, await response.text()]).toEqual([true, 'here'])
  })

  it('a HEAD request gets the headers only, and the connection stays usable', async () => {
    const server = await start({ routes: { '*': faults.ok('body') } })
    const head = await fetch(server.url, { method: 'HEAD' })
    expect([head.headers.get('content-length'), await head.text()]).toEqual(['4', ''])
    server.reset()
    expect(await onOneConnection(server.url, ['HEAD', 'GET', 'HEAD', 'GET'])).toEqual([200, 200, 200, 200])
    expect(new Set(server.requests.map(({ socket }) => socket)).size).toBe(1)
  })
})

describe('faults before the headers', () => {
  it.each<[string, Fault, object]>([
    [
      'reset',
      faults.reset(),
      { error: 'TypeError: fetch failed', cause: 'Error', code: 'ECONNRESET', syscall: 'read' },
    ],
    ['close', faults.close(), { error: 'TypeError: fetch failed', cause: 'SocketError', code: 'UND_ERR_SOCKET' }],
    ['garbage', faults.garbage(), { error: 'TypeError: fetch failed', cause: 'HTTPParserError' }],
    [
      'hugeHeaders',
      faults.hugeHeaders(),
      { error: 'TypeError: fetch failed', cause: 'HeadersOverflowError', code: 'UND_ERR_HEADERS_OVERFLOW' },
    ],
    [
      'raw, reset',
      faults.raw('HTTP/1.1 200 OK\r\n', 'reset'),
      { error: 'TypeError: fetch failed', cause: 'Error', code: 'ECONNRESET', syscall: 'read' },
    ],
  ])('%s: what fetch rejects with', async (_, fault, shape) => {
    expect(shapeOf(await rejection(fetchFault(fault)))).toMatchObject(shape)
    expect(shapeOf(await rejection(fetchFault(fault, { method: 'POST', body: 'x' })))).toMatchObject(shape)
  })

  it('stall: nothing comes until the client gives up, which the record tells', async () => {
    const server = await start({ routes: { '*': faults.stall() } })
    const controller = new AbortController()
    const response = fetch(server.url, { signal: controller.signal })
    await server.until(() => server.requests[0]?.fault !== undefined)
    expect(server.activeRequests).toBe(1)
    controller.abort()
    expect(await rejection(response)).toBe(controller.signal.reason)
    await server.idle()
    expect(server.requests[0]).toMatchObject({ aborted: true, complete: true, fault: { kind: 'stall' } })
  })
})

describe('faults in the body', () => {
  it.each<[string, Fault, object]>([
    ['resetBody', faults.resetBody(), { cause: 'Error', code: 'ECONNRESET' }],
    ['resetBody without a byte', faults.resetBody({ sent: 0 }), { cause: 'Error', code: 'ECONNRESET' }],
    ['truncate', faults.truncate(), { cause: 'SocketError', code: 'UND_ERR_SOCKET' }],
    [
      'truncate, chunked',
      faults.truncate({ headers: { 'transfer-encoding': 'chunked' } }),
      { cause: 'SocketError', code: 'UND_ERR_SOCKET' },
    ],
  ])('%s: the headers come, then reading rejects with "terminated"', async (_, fault, shape) => {
    const response = await fetchFault(fault)
    expect(response.status).toBe(200)
    expect(shapeOf(await rejection(response.text()))).toMatchObject({ error: 'TypeError: terminated', ...shape })
  })

  it('what was sent before the break arrives', async () => {
    const response = await fetchFault(faults.truncate({ status: 201, body: { a: 1 }, sent: 3 }))
    expect(response.status).toBe(201)
    expect(response.headers.get('content-length')).toBe('7')
    const reader = response.body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('{"a')
    expect(shapeOf(await rejection(reader.read()))).toMatchObject({ error: 'TypeError: terminated' })
  })

  it('the headers and first bytes before a reset are never lost', async () => {
    const server = await start({ routes: { '*': faults.resetBody() } })
    for (let round = 0; round < 100; round++) {
      const response = await fetch(server.url)
      const reader = response.body!.getReader()
      expect((await reader.read()).value).toHaveLength(32)
      expect(shapeOf(await rejection(reader.read()))).toMatchObject({ code: 'ECONNRESET' })
    }
  })

  it('stallBody: half of the body comes, and the rest does not', async () => {
    const server = await start({ routes: { '*': faults.stallBody() } })
    const controller = new AbortController()
    const response = await fetch(server.url, { signal: controller.signal })
    const reader = response.body!.getReader()
    expect((await reader.read()).value).toHaveLength(32)
    const rest = reader.read()
    controller.abort()
    expect(await rejection(rest)).toBe(controller.signal.reason)
    await server.idle()
    expect(server.requests[0]?.aborted).toBe(true)
  })

  it('drip: the whole body comes, piece by piece', async () => {
    const response = await fetchFault(faults.drip({ bytes: 10, interval: 1 }))
    let pieces = 0
    let text = ''
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      pieces++
      text += piece
    }
    expect(text).toBe(sixtyFour)
    expect(pieces).toBeGreaterThan(1)
  })

  it('drip: stops when the client goes away', async () => {
    const server = await start({ routes: { '*': faults.drip({ interval: 60_000 }) } })
    const response = await fetch(server.url)
    await response.body!.cancel()
    await server.idle()
    expect(server.requests[0]?.aborted).toBe(true)
  })

  it('raw: the very bytes, left open', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n'
    const response = await fetchFault(faults.raw(new TextEncoder().encode(`${head}full`), 'stall'))
    expect(await response.text()).toBe('full')
  })
})

describe('timing', () => {
  it('delayed: the same fault, later', async () => {
    const before = performance.now()
    const response = await fetchFault(faults.delayed(50, faults.status(503)))
    expect(response.status).toBe(503)
    expect(performance.now() - before).toBeGreaterThan(45)
  })

  it('delayed: an abort ends the wait', async () => {
    const server = await start({ routes: { '*': faults.delayed(60_000, faults.ok()) } })
    const controller = new AbortController()
    const response = fetch(server.url, { signal: controller.signal })
    await server.until(() => server.requests[0]?.fault !== undefined)
    controller.abort()
    await rejection(response)
    await server.idle()
    expect(server.requests[0]?.aborted).toBe(true)
  })

  it('without early, the answer waits for the whole body', async () => {
    const server = await start({ routes: { '*': 413 } })
    const { init, end } = openUpload()
    const response = fetch(server.url, init)
    await server.until(() => server.requests[0]?.bodyBytes === 10)
    expect(server.requests[0]?.fault).toBeUndefined()
    end()
    expect((await response).status).toBe(413)
    expect(server.requests[0]?.complete).toBe(true)
  })

  it('early: the answer does not wait', async () => {
    const server = await start({ routes: { '*': faults.early(faults.status(413)) } })
    const { init, end } = openUpload()
    expect((await fetch(server.url, init)).status).toBe(413)
    expect(server.requests[0]?.complete).toBe(false)
    end()
  })
})

/** A POST of 10 bytes whose body ends only when it is told to. */
function openUpload(): { init: RequestInit & { duplex: 'half' }; end: () => void } {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  writer.write(new Uint8Array(10)).catch(() => {})
  const end = () => void writer.close().catch(() => {})
  return { init: { method: 'POST', body: readable, duplex: 'half' }, end }
}

describe('bad input', () => {
  it.each<[string, () => unknown, string]>([
    ['a status that is none', () => faults.status(99), 'status must be a whole number from 200 to 999, got 99'],
    ['an informational status', () => faults.status(103), 'from 200 to 999'],
    ['a body where there can be none', () => faults.status(204, {}, 'x'), 'an answer with status 204 has none'],
    ['a header name', () => faults.ok('', { 'a b': '1' }), 'headers: "a b" is not valid'],
    ['a header value', () => faults.ok('', { a: ['1', 'b\n2'] }), 'headers: "a" is not valid'],
    ['Headers', () => faults.ok('', new Headers() as never), 'headers must be a plain object'],
    ['a redirect that is none', () => faults.redirect('/', 200), 'status must be one of 301, 302, 303, 307, 308'],
    ['sent beyond the body', () => faults.resetBody({ body: 'abc', sent: 4 }), 'sent must be a whole number of bytes'],
    ['a truncation of nothing', () => faults.truncate({ body: 'abc', sent: 3 }), 'from 0 to 2, got 3'],
    ['an unknown option', () => faults.truncate({ send: 1 } as never), 'unknown option "send". Did you mean "sent"?'],
    ['a piece of nothing', () => faults.drip({ bytes: 0 }), 'bytes must be a whole number of bytes of at least 1'],
    ['an interval below 0', () => faults.drip({ interval: -1 }), 'interval must be a number of milliseconds'],
    ['an ending', () => faults.raw('', 'end' as never), 'ending must be one of "close", "reset", "stall", got "end"'],
    ['raw data', () => faults.raw(1 as never), 'data must be a string or a Uint8Array'],
    ['a delay', () => faults.delayed(-1, faults.ok()), 'delay must be a number of milliseconds'],
    ['no fault', () => faults.early({ kind: 'refuse' } as never), 'not a fault'],
  ])('%s is refused when it is built', (_, make, message) => {
    expect(make).toThrow(expect.objectContaining({ name: 'OptionError', message: expect.stringContaining(message) }))
  })
})
