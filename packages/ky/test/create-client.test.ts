import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { constant } from '@fetchstack/backoff'
import { fetchHandler, HandlerStack } from '@fetchstack/handler-stack'
import { retry } from '@fetchstack/retry'
import { type FaultyServer, faults, faultyServer } from '@fetchstack/testing'
import { isTimeoutError } from '@fetchstack/timeout'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../src/index.ts'

let server: FaultyServer
beforeAll(async () => {
  server = await faultyServer({ routes: { 'GET /v1/videos': faults.ok({ videos: [] }), '*': faults.ok() } })
})
beforeEach(() => server.reset())
afterAll(() => server.close())

const handler = HandlerStack.create().push(retry({ schedule: constant(1), budget: false }))

/** A port with a full backlog: nobody accepts, so the system leaves further connections without an answer. */
async function deafServer(): Promise<{ port: number; stop: () => void }> {
  const process = fork(new URL('deaf-server.ts', import.meta.url))
  const [port] = (await once(process, 'message')) as [number]
  const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}))
  await Promise.race(fillers.map((socket) => once(socket, 'connect')))
  const stop = (): void => {
    for (const socket of fillers) socket.destroy()
    process.kill('SIGKILL')
  }
  return { port, stop }
}

describe('createClient', () => {
  it.each([
    ['/v1/', 'videos', '/v1/videos'],
    ['/v1', 'videos', '/videos'],
    ['/v1/', '/videos', '/videos'],
    ['/v1/', '../videos', '/videos'],
    ['/v1/', 'videos?page=2', '/v1/videos?page=2'],
  ])('resolves against the base URL as RFC 3986 says: %s and %s give %s', async (base, path, expected) => {
    await createClient({ baseUrl: server.url + base }).get(path)
    expect(server.requests[0]?.url).toBe(expected)
  })

  it('sends its headers unless the call has its own, whatever their case', async () => {
    const client = createClient({ baseUrl: server.url, headers: { Accept: 'application/json', 'X-Team': 'films' } })
    await client.get('/', { headers: { accept: 'text/plain' } })
    expect(server.requests[0]?.headers).toMatchObject({ accept: 'text/plain', 'x-team': 'films' })
  })

  it('sends through the handler stack', async () => {
    await createClient({ baseUrl: server.url, handler }).get(server.script('503,200'))
    expect(server.count()).toBe(2)
  })

  it('bounds the whole call by its timeout, and lets one call change it', async () => {
    const client = createClient({ timeout: 60, handler })
    await expect(client.get(server.script('stall-body')).text()).rejects.toSatisfy(isTimeoutError)
    const slow = server.script('200;delay=150')
    await expect(client.get(slow)).rejects.toSatisfy(isTimeoutError)
    expect((await client.get(slow, { fetchstack: { 'client-timeout': 5_000 } })).status).toBe(200)
    expect((await client.get(slow, { fetchstack: { 'client-timeout': false } })).status).toBe(200)
  })

  it('gives up connecting after the connect timeout', async () => {
    // A listener that is busy forever accepts nothing, and once its backlog is full the system answers no more.
    const deaf = await deafServer()
    const client = createClient({ connectTimeout: 150, ky: { throwHttpErrors: false } })
    const error = await client.get(`http://127.0.0.1:${deaf.port}/`).catch((caught: Error) => caught)
    deaf.stop()
    expect((error as Error).cause).toMatchObject({ cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } })
  })

  it("sends requests whole through undici's own fetch, and resends them", async () => {
    const client = createClient({ connectTimeout: 1_000, handler })
    const response = await client.put(server.script('503,200;body=fine'), {
      json: { title: 'Waves' },
      headers: { 'x-a': '1' },
    })
    expect(await response.text()).toBe('fine')
    expect(
      server.requests.map(({ method, text, headers }) => [method, text, headers['x-a'], headers['content-type']]),
    ).toEqual(Array.from({ length: 2 }, () => ['PUT', '{"title":"Waves"}', '1', 'application/json']))
  })

  it.each([
    ['json', { json: { title: 'Waves' } }, '{"title":"Waves"}'],
    ['URLSearchParams', { body: new URLSearchParams({ title: 'Waves' }) }, 'title=Waves'],
  ])(
    "sends %s with its length, also after a redirect that keeps the method, through undici's own fetch",
    async (_, options, text) => {
      const to = encodeURIComponent(new URL(server.script('200')).pathname)
      const response = await createClient({ connectTimeout: 1_000 }).post(server.script(`307;location=${to}`), options)
      expect(response.redirected).toBe(true)
      expect(server.requests).toHaveLength(2)
      for (const { method, text: body, headers } of server.requests) {
        expect([method, body, headers['content-length']]).toEqual(['POST', text, String(text.length)])
      }
    },
  )

  it("sends FormData through undici's own fetch", async () => {
    const form = new FormData()
    form.set('title', 'Waves')
    await createClient({ connectTimeout: 1_000 }).post(server.script('200'), { body: form })
    expect(server.requests[0]?.text).toContain('Waves')
    expect(server.requests[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
  })

  it('refuses a connect timeout besides a handler that brings its own fetch', () => {
    const own = HandlerStack.create(fetchHandler(fetch))
    expect(() => createClient({ connectTimeout: 100, handler: own })).toThrow(/connectTimeout needs a fetch of its own/)
  })

  it('refuses a connect timeout where there is no Node, and says what to use', () => {
    const scope = globalThis as { Bun?: unknown }
    scope.Bun = {}
    try {
      expect(() => createClient({ connectTimeout: 100 })).toThrow(/works on Node only.*use timeout/)
    } finally {
      delete scope.Bun
    }
  })

  it.each<[object, RegExp]>([
    [{ base_uri: 'https://api.example.com' }, /unknown option "base_uri"/],
    [{ baseUrl: '/api' }, /baseUrl must be an absolute http or https URL/],
    [{ baseUrl: 'ftp://api.example.com' }, /baseUrl must be an absolute http/],
    [
      { baseUrl: 'https://me:s3cret@api.example.com' },
      /^createClient: baseUrl must be .* without user name and password, (?!.*s3cret)/,
    ],
    [{ timeout: -1 }, /^createClient: timeout must be a number of milliseconds/],
    [{ headers: { 'a b': 's3cret' } }, /^createClient: headers must be (?!.*s3cret)/],
    [{ headers: 5 }, /^createClient: headers must be/],
    [{ connectTimeout: 0 }, /connectTimeout must be a number of milliseconds/],
    [{ handler: fetch }, /handler must be a HandlerStack/],
  ])('refuses %j', (options, message) => {
    expect(() => createClient(options)).toThrow(message)
  })
})
