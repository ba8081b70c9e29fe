import { HandlerStack } from '@fetchstack/handler-stack'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MtlsHandler, mtls } from '../src/index.ts'
import { selfSigned, startServer, type TestServer } from './support/server.ts'

let server: TestServer
let handler: MtlsHandler

beforeAll(async () => {
  const client = selfSigned()
  server = await startServer({ trust: client.cert })
  handler = mtls({ origins: server.url, ...client, ca: server.certificate })
})
afterAll(async () => {
  await handler.destroy()
  await server[Symbol.asyncDispose]()
})

/** What the server got of one call. */
async function send(input: string | Request, init?: object) {
  const response = await handler.fetch(input, init)
  expect(response.status).toBe(200)
  const { method, headers, body } = server.requests.at(-1)!
  return { method, headers, text: body.toString(), body }
}

const stream = () =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of ['one ', 'two ', 'three']) controller.enqueue(new TextEncoder().encode(part))
      controller.close()
    },
  })

function form(): FormData {
  const form = new FormData()
  form.append('a', '1')
  form.append('a', 'ü\n2')
  form.append('file', new File(['content'], 'näme.txt', { type: 'text/plain' }))
  form.append('blob', new Blob(['b']))
  return form
}

describe('what Node itself takes as a body is sent', () => {
  it.each<[string, () => unknown, string, string | undefined]>([
    ['text', () => 'hé', 'hé', 'text/plain;charset=UTF-8'],
    ['bytes', () => new TextEncoder().encode('bytes'), 'bytes', undefined],
    ['an ArrayBuffer', () => new TextEncoder().encode('buffer').buffer, 'buffer', undefined],
    ['a Blob', () => new Blob(['blob'], { type: 'text/x' }), 'blob', 'text/x'],
    [
      'URLSearchParams',
      () => new URLSearchParams({ a: '1 2' }),
      'a=1+2',
      'application/x-www-form-urlencoded;charset=UTF-8',
    ],
  ])('%s, with its length and type', async (_, body, text, type) => {
    const got = await send(server.url, { method: 'POST', body: body() })
    expect([got.method, got.text, got.headers['content-type']]).toEqual(['POST', text, type])
    expect(got.headers['content-length']).toBe(String(got.body.length))
  })

  it('a FormData of Node, with files, names and its length', async () => {
    const got = await send(server.url, { method: 'POST', body: form() })
    expect(got.headers['content-length']).toBe(String(got.body.length))
    const parsed = await new Response(new Uint8Array(got.body), {
      headers: { 'content-type': got.headers['content-type']! },
    }).formData()
    expect(parsed.getAll('a')).toEqual(['1', 'ü\r\n2'])
    const file = parsed.get('file') as File
    expect([file.name, file.type, await file.text()]).toEqual(['näme.txt', 'text/plain', 'content'])
    expect((parsed.get('blob') as File).name).toBe('blob')
  })

  it('a stream', async () => {
    const got = await send(server.url, { method: 'PUT', body: stream(), duplex: 'half' })
    expect([got.text, got.headers['transfer-encoding']]).toEqual(['one two three', 'chunked'])
  })

  it('a large stream, piece by piece', async () => {
    let left = 64
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- === 0) controller.close()
        else controller.enqueue(new Uint8Array(65_536))
      },
    })
    const got = await send(server.url, { method: 'POST', body, duplex: 'half' })
    expect(got.body).toHaveLength(64 * 65_536)
  })

  it('a function that makes one, in a stack', async () => {
    const api = HandlerStack.create(handler).toFetch()
    for (const body of [() => stream(), async () => form(), () => 'text']) {
      expect((await api(server.url, { method: 'POST', body })).status).toBe(200)
      expect(server.requests.at(-1)!.body.length).toBeGreaterThan(3)
    }
  })

  it('a stream that fails rejects the call, as with fetch', async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new Error('disk'))
      },
    })
    const sent = handler.fetch(server.url, { method: 'POST', body, duplex: 'half' } as RequestInit)
    await expect(sent).rejects.toThrow('fetch failed')
  })
})

describe('a Request of Node', () => {
  it('with its method, headers and body', async () => {
    const request = new Request(`${server.url}/?a=b`, { method: 'POST', headers: { 'x-a': '1' }, body: 'text' })
    const got = await send(request)
    expect([got.method, got.text, got.headers['x-a'], got.headers['content-type']]).toEqual([
      'POST',
      'text',
      '1',
      'text/plain;charset=UTF-8',
    ])
    expect(request.bodyUsed).toBe(true)
  })

  it('without a body', async () => {
    expect(await send(new Request(server.url, { headers: { 'x-a': '2' } }))).toMatchObject({
      method: 'GET',
      text: '',
      headers: { 'x-a': '2' },
    })
  })

  it('what init says counts for more', async () => {
    const request = new Request(server.url, { method: 'POST', headers: { 'x-a': '1' }, body: 'text' })
    const got = await send(request, { method: 'PUT', headers: { 'x-b': '2' }, body: form() })
    expect(got).toMatchObject({ method: 'PUT', headers: { 'x-b': '2' } })
    expect(got.headers).not.toHaveProperty('x-a')
    expect(got.text).toContain('content')
  })

  it('its redirect setting holds', async () => {
    await using moved = await startServer({
      answer: (_, response) => response.writeHead(302, { location: '/' }).end(),
    })
    await using handler = mtls({ origins: moved.url, ...selfSigned(), ca: moved.certificate })
    expect((await handler.fetch(new Request(moved.url, { redirect: 'manual' }))).status).toBe(302)
    await expect(handler.fetch(new Request(moved.url, { redirect: 'error' }))).rejects.toThrow('fetch failed')
  })

  it('whose body has been read is refused', async () => {
    const request = new Request(server.url, { method: 'POST', body: 'text' })
    await request.text()
    await expect(handler.fetch(request)).rejects.toThrow(TypeError)
  })

  it('headers as Headers and as pairs', async () => {
    expect((await send(server.url, { headers: new Headers({ 'x-a': '1' }) })).headers['x-a']).toBe('1')
    expect((await send(server.url, { headers: [['x-a', '2']] })).headers['x-a']).toBe('2')
  })
})
