import { Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { HandlerStack } from '@fetchstack/handler-stack'
import { type FaultyServer, faultyServer } from '@fetchstack/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explain, retry } from '../src/index.ts'

let server: FaultyServer
beforeAll(async () => {
  server = await faultyServer()
})
afterAll(() => server.close())

const api = HandlerStack.create()
  .push(retry({ schedule: () => 1, budget: false }))
  .toFetch()
const text = 'a body that must arrive whole, '.repeat(100)
const key = { 'idempotency-key': 'k' }

async function bodiesOf(
  script: string,
  send: (url: string) => Promise<Response>,
): Promise<{ response: Response; texts: string[]; types: (string | undefined)[] }> {
  const url = server.script(script)
  const before = server.requests.length
  const response = await send(url)
  const seen = server.requests.slice(before)
  return {
    response,
    texts: seen.map((request) => request.text),
    types: seen.map((request) => request.headers['content-type']),
  }
}

describe('bodies that retry resends', () => {
  const free: Record<string, () => BodyInit> = {
    string: () => text,
    bytes: () => new TextEncoder().encode(text),
    'an ArrayBuffer': () => new TextEncoder().encode(text).buffer,
    'a Blob': () => new Blob([text]),
    URLSearchParams: () => new URLSearchParams({ text }),
  }
  it.each(Object.entries(free))('resends %s whole, once per attempt', async (_, make) => {
    const { response, texts } = await bodiesOf('503,reset,200', (url) =>
      api(url, { method: 'POST', headers: key, body: make() }),
    )
    expect(response.status).toBe(200)
    expect(texts).toHaveLength(3)
    expect(new Set(texts)).toEqual(new Set([await new Response(make()).text()]))
  })

  it('resends FormData whole, with a boundary that fits each time', async () => {
    const form = new FormData()
    form.set('film', new File([text], 'film.txt'))
    const { texts, types } = await bodiesOf('503,200', (url) => api(url, { method: 'POST', headers: key, body: form }))
    for (const [index, body] of texts.entries()) {
      expect(body).toContain(text)
      expect(body).toContain(/boundary=(.*)$/.exec(types[index]!)![1])
    }
  })

  it("resends the caller's own Request with a body whole: this is how ky and openapi-fetch call", async () => {
    const { response, texts, types } = await bodiesOf('503,reset,200', (url) =>
      api(new Request(url, { method: 'PUT', body: text, headers: { 'content-type': 'text/x-film' } })),
    )
    expect(response.status).toBe(200)
    expect(texts).toEqual([text, text, text])
    expect(new Set(types)).toEqual(new Set(['text/x-film']))
    expect(explain(response)?.resent).toBe('clone')
  })

  it('makes a body anew for each attempt from a function', async () => {
    let made = 0
    const { texts } = await bodiesOf('503,503,200', (url) =>
      api(url, { method: 'PUT', body: () => new Blob([`${text}${++made}`]).stream() }),
    )
    expect(texts).toEqual([1, 2, 3].map((number) => `${text}${number}`))
  })

  it.each([
    ['a web stream', () => new Blob([text]).stream()],
    ['a Node stream', () => Readable.from([text]) as unknown as ReadableStream],
  ])('never sends %s a second time, and says so', async (_, make) => {
    const { response, texts } = await bodiesOf('503,200', (url) =>
      api(url, { method: 'PUT', body: make(), duplex: 'half' }),
    )
    expect(response.status).toBe(503)
    expect(texts).toEqual([text])
    expect(explain(response)).toMatchObject({ reason: 'body-not-replayable', resent: 'not-replayable' })
  })

  it('does not copy the body of a Request when nothing can be resent', async () => {
    const request = new Request(server.script('503'), { method: 'PUT', body: text })
    let clones = 0
    const { clone } = request
    request.clone = function counted() {
      clones++
      return clone.call(this)
    }
    const once = HandlerStack.create()
      .push(retry({ maxAttempts: 1 }))
      .toFetch()
    const response = await once(request)
    expect([response.status, clones, explain(response)?.reason]).toEqual([503, 0, 'attempts-exhausted'])
  })

  it('does not keep a copy of a body beyond the call: the spare is cancelled', async () => {
    const request = new Request(server.script('200'), { method: 'PUT', body: text })
    let spare: Request | undefined
    const { clone } = request
    request.clone = function kept() {
      spare = clone.call(this)
      return spare
    }
    await api(request)
    expect(await spare?.body?.getReader().read()).toEqual({ done: true, value: undefined })
  })

  it('resends a Blob of 200 MB without copying it', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const megabyte = new Uint8Array(1024 * 1024)
    const blob = new Blob(Array.from({ length: 200 }, () => megabyte))
    const bodies: unknown[] = []
    let sent = 0
    let peak = 0
    collect()
    const start = process.memoryUsage().arrayBuffers
    const drain = HandlerStack.create(async ({ body }) => {
      bodies.push(body)
      let next = 0
      for await (const chunk of (body as Blob).stream()) {
        sent += chunk.length
        if (sent < next) continue
        next = sent + 20 * megabyte.length
        collect()
        peak = Math.max(peak, process.memoryUsage().arrayBuffers - start)
      }
      return new Response(null, { status: bodies.length === 1 ? 503 : 200 })
    })
      .push(retry({ schedule: () => 0 }))
      .toFetch()
    const response = await drain(server.url, { method: 'PUT', body: blob })
    expect([response.status, sent]).toEqual([200, 400 * megabyte.length])
    expect(bodies).toEqual([blob, blob])
    expect(bodies[0]).toBe(bodies[1])
    expect(peak).toBeLessThan(60 * megabyte.length)
  })
})
