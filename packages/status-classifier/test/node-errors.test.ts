import { createServer as createHttpServer } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { classify } from '../src/index.ts'
import { failure, listen, onRequest } from './support/loopback.ts'

const get = { method: 'GET' }
const post = { method: 'POST', body: 'x' }

async function verdictOn(call: () => Promise<unknown>) {
  return classify({ error: await failure(call) }, { method: 'POST' })
}

async function read(url: string) {
  const response = await fetch(url)
  return response.text()
}

describe('what this runtime throws', () => {
  it('on a refused connection was not processed', async () => {
    const server = createServer()
    const port = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    expect(await verdictOn(() => fetch(`http://127.0.0.1:${port}/`))).toMatchObject({
      category: 'network',
      processed: 'no',
      retry: 'any',
      code: 'ECONNREFUSED',
      evidence: [{ detail: 'ECONNREFUSED (connect)' }],
    })
  })

  // Without DNS the system may take its time to say so.
  it('on a name that is not there was not processed, and is worth one resend', { timeout: 60_000 }, async () => {
    const verdict = await verdictOn(() => fetch('http://fetchstack.invalid/'))
    expect(verdict).toMatchObject({ category: 'network', processed: 'no', retry: 'any' })
    // A machine without DNS says EAI_AGAIN, which is worth more than one.
    expect(verdict.maxRetries).toBe(verdict.code === 'ENOTFOUND' ? 1 : undefined)
  })

  it('on a reset before the headers may have been processed', async () => {
    const url = await onRequest((socket) => socket.resetAndDestroy())
    expect(await verdictOn(() => fetch(url, { method: 'POST', body: 'x' }))).toMatchObject({
      category: 'network',
      processed: 'maybe',
      retry: 'idempotent',
      evidence: [{ detail: 'ECONNRESET (read)' }],
    })
  })

  it('on an end without a response may have been processed', async () => {
    const url = await onRequest((socket) => socket.end())
    expect(await verdictOn(() => fetch(url))).toMatchObject({
      processed: 'maybe',
      retry: 'idempotent',
      code: 'UND_ERR_SOCKET',
    })
  })

  it('on garbage is worth one resend', async () => {
    const url = await onRequest((socket) => socket.end('this is no HTTP\r\n\r\n'))
    expect(await verdictOn(() => fetch(url))).toMatchObject({
      category: 'network',
      fault: 'server',
      processed: 'maybe',
      retry: 'idempotent',
      maxRetries: 1,
    })
  })

  it('on headers that are too large is never resent', async () => {
    const url = await onRequest((socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`))
    expect(await verdictOn(() => fetch(url))).toMatchObject({
      category: 'config',
      retry: 'never',
      code: 'UND_ERR_HEADERS_OVERFLOW',
    })
  })

  const partial = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc'
  const cut: readonly (readonly [how: string, react: (socket: Socket) => void])[] = [
    ['reset', (socket) => socket.write(partial, () => setImmediate(() => socket.resetAndDestroy()))],
    ['ended', (socket) => socket.end(partial)],
    ['garbled', (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n')],
  ]

  it.each(cut)('on a body that is %s was processed', async (how, react) => {
    const verdict = await verdictOn(async () => read(await onRequest(react)))
    // Linux may hand over the reset before what came ahead of it.
    if (how === 'reset' && verdict.processed === 'maybe') expect(verdict.code).toBe('ECONNRESET')
    else expect(verdict).toMatchObject({ category: 'network', processed: 'yes', retry: 'idempotent' })
  })

  it('on AbortSignal.timeout is a timeout', async () => {
    const url = await onRequest(() => {})
    const error = await failure(() => fetch(url, { signal: AbortSignal.timeout(20) }))
    expect(classify({ error }, get)).toMatchObject({ category: 'timeout', processed: 'maybe' })
  })

  it('on a timeout of the call itself is the abort of the caller', async () => {
    const url = await onRequest(() => {})
    const signal = AbortSignal.timeout(20)
    const error = await failure(() => fetch(url, { signal }))
    expect(classify({ error }, { method: 'GET', signal })).toMatchObject({ category: 'aborted', retry: 'never' })
  })

  it.each([undefined, 'a string', new Error('mine')])('on an abort with the reason %s is an abort', async (reason) => {
    const controller = new AbortController()
    const url = await onRequest(() => controller.abort(reason))
    const error = await failure(() => fetch(url, { signal: controller.signal }))
    const request = { method: 'GET', signal: controller.signal }
    expect(classify({ error }, request)).toMatchObject({ category: 'aborted', retry: 'never' })
  })

  it('on a redirect that has no end, is forbidden, leads nowhere, or has a stream to send again, is never resent', async () => {
    const locations: Record<string, string> = { '/ftp': 'ftp://x/', '/port': 'http://127.0.0.1:1/', '/bad': 'http://[' }
    const port = await listen(
      createHttpServer((request, response) => {
        response.writeHead(request.url === '/307' ? 307 : 302, { location: locations[request.url!] ?? '/' }).end()
      }),
    )
    const url = `http://127.0.0.1:${port}`
    const stream = () => ({ method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' }) as RequestInit
    const calls = [
      () => fetch(url),
      () => fetch(url, { redirect: 'error' }),
      () => fetch(`${url}/ftp`),
      () => fetch(`${url}/port`),
      () => fetch(`${url}/bad`),
      () => fetch(`${url}/307`, stream()),
    ]
    for (const call of calls) expect(await verdictOn(call)).toMatchObject({ category: 'config', retry: 'never' })
  })

  const used = new Request('http://127.0.0.1/', { method: 'POST', body: 'x' })
  const mistakes: readonly (readonly [what: string, call: () => Promise<unknown>])[] = [
    ['bad port', () => fetch('http://127.0.0.1:1/')],
    ['unknown scheme', () => fetch('foo://127.0.0.1/')],
    ['invalid URL', () => fetch('::')],
    ['credentials in the URL', () => fetch('http://user:password@127.0.0.1/')],
    ['invalid header', () => fetch('http://127.0.0.1/', { headers: { x: '\u0100' } })],
    ['body with GET', () => fetch('http://127.0.0.1/', { ...get, body: 'x' })],
    ['method that is forbidden', () => fetch('http://127.0.0.1/', { method: 'TRACE' })],
    ['header that undici refuses', () => fetch('http://127.0.0.1/', { ...post, headers: { expect: '100-continue' } })],
    ['file URL', () => fetch('file:///')],
    ['data URL that is none', () => fetch('data:x')],
    ['about URL', () => fetch('about:config')],
    ['blob URL of nothing', () => fetch('blob:nodedata:x')],
    ['body that was used', () => used.text().then(() => fetch(used))],
  ]

  it.each(mistakes)('on a %s is a mistake and never resent', async (_what, call) => {
    const verdict = await verdictOn(call)
    expect(verdict).toMatchObject({ category: 'config', fault: 'caller', durability: 'permanent', retry: 'never' })
    expect(JSON.stringify(verdict)).not.toContain('password')
  })

  it('on a body that its source gives up may have been sent in part', async () => {
    const url = await onRequest(() => {})
    const body = new ReadableStream({
      pull() {
        throw new Error('disk is gone')
      },
    })
    const call = () => fetch(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect(await verdictOn(call)).toMatchObject({ category: 'network', processed: 'maybe', retry: 'idempotent' })
  })
})
