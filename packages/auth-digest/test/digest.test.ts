import { inspect } from 'node:util'
import { type AuthError, auth, basicScheme, type SchemeOptions, Secret } from '@fetchstack/auth'
import { Call, fetchHandler, HttpRequest } from '@fetchstack/handler-stack'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type DigestOptions, digest } from '../src/index.ts'
import { type DigestServer, digestServer, type Settings } from './digest-server.ts'

const open: DigestServer[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server[Symbol.asyncDispose]()))
})

/** A server, and what sends to it. */
async function start(settings: Partial<Settings> = {}, options?: DigestOptions, around: Partial<SchemeOptions> = {}) {
  const server = await digestServer(settings)
  open.push(server)
  const { user, password } = server
  const handler = auth(digest(user, password, options), { origins: server.url, ...around })(fetchHandler())
  const send = async (path = '/', init?: RequestInit) => {
    const call = new Call()
    const response = await handler(HttpRequest.from(server.url + path, init), call)
    const trail = call.trail.map(({ event, detail }) =>
      detail === undefined ? event : [event, detail].flat().join(': '),
    )
    return { status: response.status, text: await response.text(), trail }
  }
  return { server, handler, send }
}

const counts = (server: DigestServer) => server.sent().map((params) => params?.['nc'])
const bare = '00000001'

describe('a session', () => {
  it('costs one request more at its beginning; later requests count up with fresh cnonces', async () => {
    const { server, send } = await start()
    for (const path of ['/a', '/b?c=d', '/b?']) expect(await send(path)).toMatchObject({ status: 200 })
    expect(server.statuses).toEqual([401, 200, 200, 200])
    expect(counts(server)).toEqual([undefined, bare, '00000002', '00000003'])
    const [, ...sent] = server.sent()
    expect(sent.map((params) => params?.['uri'])).toEqual(['/a', '/b?c=d', '/b?'])
    expect(new Set(sent.map((params) => params?.['nonce'])).size).toBe(1)
    expect(new Set(sent.map((params) => params?.['cnonce'])).size).toBe(3)
    expect(sent[0]?.['cnonce']).toMatch(/^[\da-f]{32}$/)
  })

  it.each([
    ['SHA-256', {}],
    ['SHA-512-256', {}],
    ['SHA-256-sess', {}],
    ['SHA-512-256-sess', {}],
    ['MD5', { allowMd5: true }],
    ['MD5-sess', { allowMd5: true }],
    [undefined, { allowMd5: true }],
  ])('by %s', async (algorithm, options) => {
    const { server, send } = await start({ algorithms: [algorithm] }, options)
    for (let call = 0; call < 3; call++) expect(await send()).toMatchObject({ status: 200 })
    expect(server.statuses).toEqual([401, 200, 200, 200])
  })

  it('200 calls at once, of a session that is known, each have a count of their own', async () => {
    const { server, send } = await start()
    await send()
    const results = await Promise.all(Array.from({ length: 200 }, (_, index) => send(`/${index}`)))
    expect(results.filter(({ status }) => status !== 200)).toEqual([])
    expect(server.statuses.filter((status) => status === 401)).toHaveLength(1)
    const expected = Array.from({ length: 201 }, (_, index) => (index + 1).toString(16).padStart(8, '0'))
    expect(new Set(counts(server).slice(1))).toEqual(new Set(expected))
    expect(server.statuses).toHaveLength(202)
  })

  it('calls at once at the beginning use no count twice, even where a server gives all the same nonce', async () => {
    const { server, send } = await start({ makeNonce: () => 'always-the-same' })
    const results = await Promise.all(Array.from({ length: 20 }, () => send()))
    expect(results.filter(({ status }) => status !== 200)).toEqual([])
    expect(server.refusals).toEqual([])
  })

  it('belongs to its realm: of several, the one with the longest path in its domain is used', async () => {
    const { server, send } = await start({ realm: (path) => path.slice(0, 2), more: { domain: '/a/' } })
    for (const path of ['/a/1', '/a/2']) expect(await send(path)).toMatchObject({ status: 200 })
    server.more = {}
    for (const path of ['/b/1', '/a/3', '/b/2']) expect(await send(path)).toMatchObject({ status: 200 })
    expect(server.refusals).toEqual([])
    const realms = server.sent().map((params) => params?.['realm'])
    expect(realms).toEqual([undefined, '/a', '/a', undefined, '/b', '/a', '/b'])
  })

  it('of a realm that was wrong for the request costs one more: its challenge is answered', async () => {
    const { server, send } = await start({ realm: (path) => path.slice(0, 2) })
    for (const path of ['/a/1', '/b/1']) expect(await send(path)).toMatchObject({ status: 200 })
    expect(server.sent().map((params) => params?.['realm'])).toEqual([undefined, '/a', '/a', '/b'])
  })

  it('of one origin is not used for another', async () => {
    const { server, send } = await start()
    const other = await digestServer()
    open.push(other)
    const handler = auth(digest('me', 's3cret'), { origins: [server.url, other.url] })(fetchHandler())
    await send()
    for (const { url } of [server, other, server, other]) {
      expect((await handler(HttpRequest.from(url), new Call())).status).toBe(200)
    }
    expect(other.statuses).toEqual([401, 200, 200])
  })

  it('that was never answered well is not remembered: wrong credentials cost two requests, each time', async () => {
    const { server, handler, send } = await start()
    expect(await send()).toMatchObject({ status: 200 })
    const wrong = auth(digest('me', 'wrong'), { origins: server.url })(fetchHandler())
    for (let call = 0; call < 2; call++) {
      const response = await wrong(HttpRequest.from(server.url), new Call())
      expect([response.status, await response.text()]).toEqual([401, 'no'])
    }
    expect(counts(server).slice(2)).toEqual([undefined, bare, undefined, bare])
    expect((await handler(HttpRequest.from(server.url), new Call())).status).toBe(200)
  })

  it.each([{ userhash: 'true' }, {}, { charset: 'UTF-8' }])(
    'sends what it was asked with, by bytes: %o',
    async (more) => {
      const { server, send } = await start({
        user: 'J\u00E4s\u00F8n "the\\one" Doe',
        password: 'p\u00E4ss \u20AC \u{1F511}',
        realm: () => 'caf\u00E9 "x\\", y=',
        more: { opaque: 'o="\\', ...more },
        algorithms: ['SHA-512-256'],
      })
      for (let call = 0; call < 2; call++) expect(await send('/\u00FC?"')).toMatchObject({ status: 200 })
      expect(server.statuses).toEqual([401, 200, 200])
    },
  )
})

describe('a nonce', () => {
  it('that is stale is replaced, once; the count begins anew', async () => {
    const { server, send } = await start({ uses: 2 })
    for (let call = 0; call < 3; call++) expect(await send()).toMatchObject({ status: 200 })
    expect(server.statuses).toEqual([401, 200, 200, 401, 200])
    expect(counts(server)).toEqual([undefined, bare, '00000002', '00000003', bare])
    expect((await send()).trail).toEqual([])
    expect((await send()).trail).toEqual(['stale: SHA-256'])
  })

  it('that is stale again at once: the 401 stands', async () => {
    const { server, send } = await start({ uses: 0 })
    expect(await send()).toEqual({
      status: 401,
      text: 'no',
      trail: ['challenge: SHA-256', 'stale: SHA-256', 'rejected'],
    })
    expect(server.statuses).toEqual([401, 401, 401])
  })

  it('that is refused without a word of stale is replaced too, when it was one that was remembered', async () => {
    const { server, send } = await start({ uses: 1, stale: false })
    for (let call = 0; call < 2; call++) expect(await send()).toMatchObject({ status: 200 })
    expect(server.statuses).toEqual([401, 200, 401, 200])
  })

  it('comes from nextnonce where there is one, and the key of a session stays', async () => {
    let next = 0
    const { server, send } = await start({ uses: 1, info: () => ({ nextnonce: `next-${++next}` }) })
    for (let call = 0; call < 3; call++) expect(await send()).toMatchObject({ status: 200 })
    expect(server.statuses).toEqual([401, 200, 200, 200])
    expect(
      server
        .sent()
        .map((params) => params?.['nonce'])
        .slice(2),
    ).toEqual(['next-1', 'next-2'])
    expect(counts(server)).toEqual([undefined, bare, bare, bare])
  })
})

describe('what the server proves', () => {
  const code = 'FETCHSTACK_AUTH_PROOF'
  const right: Settings['info'] = ({ rspauth, nc, cnonce }) => ({ rspauth, qop: 'auth', cnonce, nc })
  const upper: Settings['info'] = ({ rspauth }) => ({ rspauth: rspauth.toUpperCase() })
  const wrong: Settings['info'] = () => ({ rspauth: 'ab'.repeat(32), nextnonce: 'theirs' })

  it.each([
    ['right', right, {}],
    ['right, and required', right, { rspauth: 'require' }],
    ['right, without its qop and in capitals', upper, { rspauth: 'require' }],
    ['missing', () => undefined, {}],
    ['wrong, and ignored', wrong, { rspauth: 'ignore' }],
  ] as const)('%s: the answer', async (_, info, options) => {
    const { send } = await start({ info, algorithms: ['SHA-256-sess'] }, options)
    expect(await send()).toMatchObject({ status: 200 })
    expect(await send()).toMatchObject({ status: 200 })
  })

  it('wrong: the call is rejected, nothing of it is kept', async () => {
    const { server, send } = await start({ info: wrong })
    await expect(send()).rejects.toMatchObject({ code, name: 'AuthError' })
    await expect(send()).rejects.toThrow('digest: the server may not know the password: its proof (rspauth) is wrong.')
    server.info = right
    expect(await send()).toMatchObject({ status: 200 })
    server.info = wrong
    await expect(send()).rejects.toMatchObject({ code })
    server.info = right
    expect(await send()).toMatchObject({ status: 200 })
    expect(counts(server)).toEqual([undefined, bare, undefined, bare, undefined, bare, '00000002', undefined, bare])
  })

  it('missing where it is required: the call is rejected', async () => {
    const { send } = await start({}, { rspauth: 'require' })
    await expect(send()).rejects.toMatchObject({ code })
  })

  it('of a body can not be checked: what fetch gives is decoded', async () => {
    const info: Settings['info'] = () => ({ rspauth: 'whatever', qop: 'auth-int' })
    expect(await (await start({ info })).send()).toMatchObject({ status: 200 })
    await expect((await start({ info }, { rspauth: 'require' })).send()).rejects.toMatchObject({ code })
  })
})

describe('the body', () => {
  const post = (body: BodyInit): RequestInit => ({ method: 'POST', body, duplex: 'half' }) as RequestInit
  const stream = () => new Blob(['hello']).stream()
  const qops = (server: DigestServer) => server.sent().map((params) => params?.['qop'])

  it.each([
    ['text', 'hello'],
    ['bytes', new TextEncoder().encode('hello')],
    ['a buffer', new TextEncoder().encode('hello').buffer],
    ['parameters', new URLSearchParams({ hello: '' })],
  ])('of %s is part of the proof where the server offers that', async (_, body) => {
    const { server, send } = await start({ qop: 'auth,auth-int' })
    expect(await send('/', post(body))).toMatchObject({ status: 200, text: expect.stringContaining('POST hello') })
    expect(await send()).toMatchObject({ status: 200 })
    expect(qops(server)).toEqual([undefined, 'auth-int', 'auth-int'])
  })

  it('that is not in memory goes by auth where that is offered', async () => {
    const { server, send } = await start({ qop: 'auth, auth-int' })
    await send()
    expect(await send('/', post(new Blob(['hello'])))).toMatchObject({ status: 200 })
    expect(await send('/', post(stream()))).toMatchObject({ status: 200, text: 'POST hello' })
    expect(qops(server)).toEqual([undefined, 'auth-int', 'auth', 'auth'])
  })

  it('is no part of it with integrity: false', async () => {
    const { server, send } = await start({ qop: 'auth-int,auth' }, { integrity: false })
    expect(await send('/', post('hello'))).toMatchObject({ status: 200, text: 'POST hello' })
    expect(qops(server)).toEqual([undefined, 'auth'])
  })

  it('is read where the server takes nothing else, and these very bytes are sent', async () => {
    const { server, handler, send } = await start({ qop: 'auth-int' })
    await send()
    expect(await send('/', post(stream()))).toMatchObject({ status: 200, text: 'POST hello' })
    const form = new FormData()
    form.set('a', 'b')
    expect(await send('/', post(form))).toMatchObject({ status: 200 })
    const request = new Request(server.url, post('hello'))
    expect((await handler(HttpRequest.from(request), new Call())).status).toBe(200)
    expect(server.statuses).toEqual([401, 200, 200, 200, 200])
  })

  it('that is too long to be read, or has been read: the call is rejected, and nothing is sent', async () => {
    const code = 'FETCHSTACK_AUTH_BODY'
    const { server, handler, send } = await start({ qop: 'auth-int' }, {}, { bodyLimit: 4 })
    await send()
    await expect(send('/', post(stream()))).rejects.toMatchObject({ code })
    const used = new Request(server.url, post('hello'))
    await used.text()
    await expect(handler(HttpRequest.from(used), new Call())).rejects.toMatchObject({ code })
    expect(server.statuses).toEqual([401, 200])
  })

  it('that is a stream is sent once: the 401 comes back, and the next call has its session', async () => {
    for (const qop of ['auth', 'auth-int']) {
      const { server, send } = await start({ qop })
      const first = await send('/', post(stream()))
      expect(first).toMatchObject({ status: 401, trail: ['challenge: SHA-256', 'not-resent: unreplayable-body'] })
      expect(await send('/', post(stream()))).toMatchObject({ status: 200, text: 'POST hello' })
      expect(server.statuses).toEqual([401, 200])
    }
  })

  it('of a Request is sent again', async () => {
    for (const qop of ['auth', 'auth-int', 'auth-int,auth']) {
      const { server, handler } = await start({ qop, uses: 0 })
      const request = new Request(server.url, post('hello'))
      expect((await handler(HttpRequest.from(request), new Call())).status).toBe(401)
      expect(server.server.requests.map(({ text }) => text)).toEqual(['hello', 'hello', 'hello'])
      expect(server.refusals).toEqual(['stale', 'stale'])
    }
  })
})

describe('what is not answered', () => {
  it.each([
    ['MD5, unless it is allowed', { algorithms: ['MD5'] }, 'MD5, without allowMd5'],
    ['no qop, unless it is allowed', { qop: undefined }, 'no qop, without allowLegacy'],
  ])('%s: the 401 stands, and the trail says why', async (_, settings, why) => {
    const { server, send } = await start(settings)
    expect(await send()).toEqual({ status: 401, text: 'no', trail: [`unanswered: ${why}`] })
    expect(server.statuses).toEqual([401])
    const strict = auth(digest('me', 's3cret', { unanswered: 'error' }), { origins: server.url })(fetchHandler())
    const error = await strict(HttpRequest.from(server.url), new Call()).catch((error: AuthError) => error)
    expect(error).toMatchObject({ code: 'FETCHSTACK_AUTH_CHALLENGE' })
    expect(String(error)).toContain(`digest: the server's challenges may not be answered (${why}).`)
  })

  it('no qop, where it is allowed, is answered as RFC 2069 had it', async () => {
    const { server, send } = await start(
      { qop: undefined, algorithms: [undefined] },
      { allowMd5: true, allowLegacy: true },
    )
    for (let call = 0; call < 2; call++) expect(await send()).toMatchObject({ status: 200 })
    expect(server.statuses).toEqual([401, 200, 200])
  })

  it('MD5 beside SHA-256 is not chosen, allowed or not', async () => {
    const { server, send } = await start({ algorithms: ['MD5', 'x-new', 'SHA-256'] }, { allowMd5: true })
    expect(await send()).toMatchObject({ status: 200 })
    expect(server.sent().at(-1)).toMatchObject({ algorithm: 'SHA-256' })
  })

  it('another scheme: no password ever goes to a Basic challenge', async () => {
    const { server, handler } = await start()
    const stub = vi.fn(
      async (_request: HttpRequest) =>
        new Response(null, { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }),
    )
    const layer = auth(digest('me', 's3cret'), { origins: server.url, unanswered: 'error' })
    await expect(layer(stub)(HttpRequest.from(server.url), new Call())).rejects.toThrow('the server offers no digest')
    expect(stub).toHaveBeenCalledOnce()
    expect(stub.mock.calls[0]![0].header('authorization')).toBeUndefined()
    expect((await handler(HttpRequest.from(server.url), new Call())).status).toBe(200)
  })

  it('a 401 of another URL, to which fetch was redirected', async () => {
    const evil = await digestServer()
    const { server, send } = await start()
    open.push(evil)
    const handler = auth(digest('me', 's3cret'), { origins: [server.url, evil.url] })(async () => {
      const response = await fetch(evil.url)
      Object.defineProperty(response, 'redirected', { value: true })
      return response
    })
    expect((await handler(HttpRequest.from(server.url), new Call())).status).toBe(401)
    expect(evil.sent()).toEqual([undefined])
    expect(await send()).toMatchObject({ status: 200 })
  })

  it('in a list with Basic, the stronger one answers, and its first request is not sent twice', async () => {
    const { server } = await start()
    const layer = auth([digest('me', 's3cret'), basicScheme('me', 's3cret')], { origins: server.url })
    const handler = layer(fetchHandler())
    for (let call = 0; call < 2; call++)
      expect((await handler(HttpRequest.from(server.url), new Call())).status).toBe(200)
    expect(server.statuses).toEqual([401, 200, 200])
  })
})

describe('the password', () => {
  const handle = (server: DigestServer, password: Parameters<typeof digest>[1]) =>
    auth(digest('me', password), { origins: server.url })(fetchHandler())
  const get = (server: DigestServer) => HttpRequest.from(server.url)

  it('of a function is asked for once per attempt, and only when it is needed', async () => {
    const { server } = await start({ uses: 1 })
    const password = vi.fn(async () => Secret.of('s3cret'))
    const handler = handle(server, password)
    await handler(HttpRequest.from(`${server.url}/public`), new Call())
    for (let call = 0; call < 2; call++) expect((await handler(get(server), new Call())).status).toBe(200)
    expect(password.mock.calls).toEqual([
      [{ reason: 'initial', signal: undefined }],
      [{ reason: 'initial', signal: undefined }],
    ])
  })

  it('that changes is used at once, with the nonce that is known', async () => {
    const { server } = await start()
    const handler = handle(server, () => server.password)
    for (const password of ['one', 'two']) {
      server.password = password
      expect((await handler(get(server), new Call())).status).toBe(200)
    }
    expect(server.statuses).toEqual([401, 200, 200])
  })

  it.each([
    ['fails', () => Promise.reject(new Error('hush')), 'FETCHSTACK_AUTH_PROVIDER'],
    [
      'fails at once',
      () => {
        throw new Error('hush')
      },
      'FETCHSTACK_AUTH_PROVIDER',
    ],
    ['has a line break', () => 'hush\r\n', 'FETCHSTACK_AUTH_SECRET'],
    ['is no text', () => 5 as unknown as string, 'FETCHSTACK_AUTH_SECRET'],
  ])('%s: the call is rejected, and the message has nothing of it', async (_, password, code) => {
    const { server } = await start()
    const error: unknown = await handle(server, password)(get(server), new Call()).catch((error: unknown) => error)
    expect(error).toMatchObject({ code })
    expect(inspect(error, { depth: 10 })).not.toContain('hush')
  })

  it('is nowhere to be seen in a scheme, a layer or an error', async () => {
    const scheme = digest('me', 'hush-Kf81')
    const layer = auth(scheme, { origins: 'https://api.example.com' })
    expect(inspect([scheme, layer], { depth: 10, showHidden: true })).not.toContain('hush-Kf81')
    expect(JSON.stringify([scheme, layer])).not.toContain('hush-Kf81')
  })

  it('is not waited for when the call is aborted', async () => {
    const { server } = await start()
    const controller = new AbortController()
    const handler = handle(server, () => {
      controller.abort(new Error('enough'))
      return new Promise<string>(() => {})
    })
    const sent = handler(HttpRequest.from(server.url, { signal: controller.signal }), new Call())
    await expect(sent).rejects.toThrow('enough')
  })
})

describe('what can not be used is an error when it is made', () => {
  it.each(['me:you', 'm\ne', 'm\re', 'm\u0000e', undefined, 5])('user %j', (user) => {
    expect(() => digest(user as string, 'pw')).toThrow(
      'digest: user must be a string without ":" and control characters (RFC 7616 §3.4.2).',
    )
  })

  it.each(['p\nw', 'p\rw', 'p\u0000w', undefined, 5, {}])('password %j', (password) => {
    const make = () => digest('me', password as string)
    expect(make).toThrow(/^digest: password must be a string without control characters; this \w+ is not\.$/)
    expect(make).toThrow(expect.objectContaining({ name: 'OptionError', option: 'password' }))
  })

  it.each([
    [{ allowMD5: true }, 'unknown option "allowMD5". Did you mean "allowMd5"?'],
    [{ allowMd5: 'yes' }, 'allowMd5 must be one of true, false, got "yes".'],
    [{ allowLegacy: 1 }, 'allowLegacy must be one of true, false, got 1.'],
    [{ integrity: null }, 'integrity must be one of true, false, got null.'],
    [{ rspauth: true }, 'rspauth must be one of "check", "require", "ignore", got true.'],
    [{ unanswered: 'throw' }, 'unanswered must be one of "pass", "error", got "throw".'],
  ])('options %j', (options, message) => {
    expect(() => digest('me', 'pw', options as DigestOptions)).toThrow(`digest: ${message}`)
  })
})
