import { createHash } from 'node:crypto'
import { Call, HandlerStack, HttpRequest } from '@fetchstack/handler-stack'
import { faults, faultyServer, mockHandler, type ReceivedRequest } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { type AuthScheme, auth } from '../src/index.ts'
import { API, headersOf } from './helpers.ts'

// Small stand-ins for the schemes that have packages of their own: what they need of the runner.

/** As DPoP: a proof per request on the wire, with the nonce that the origin gave last. */
function dpopLike() {
  const nonces = new Map<string, string>()
  let serial = 0
  const scheme: AuthScheme = {
    name: 'dpop',
    writes: { headers: ['authorization', 'dpop'] },
    binds: ['method', 'url', 'time', 'once'],
    async *flow(request, { origin, challenges }) {
      for (let round = 0; round < 2; round++) {
        const nonce = nonces.get(origin)
        const proof = [++serial, request.method, request.url.replace(/[?#].*/, ''), nonce].join(' ')
        const response = yield request.withHeader('authorization', 'DPoP t').withHeader('dpop', proof)
        const next = response.headers.get('dpop-nonce')
        if (next !== null) nonces.set(origin, next)
        const wanted = challenges(response).some(
          ({ scheme, params }) => scheme === 'dpop' && params['error'] === 'use_dpop_nonce',
        )
        if (response.status !== 401 || !wanted || next === null || next === nonce) return
      }
    },
  }
  return { scheme, nonces }
}

const useNonce = (nonce?: string) =>
  new Response(null, {
    status: 401,
    headers: { 'www-authenticate': 'DPoP error="use_dpop_nonce"', ...(nonce !== undefined && { 'dpop-nonce': nonce }) },
  })
const withNonce = (status: number, nonce: string) => new Response(null, { status, headers: { 'dpop-nonce': nonce } })

function proofs(scheme: AuthScheme, responses: (Response | number)[]) {
  const mock = mockHandler(responses)
  const handler = auth(scheme, { origins: API })(mock)
  const call = new Call()
  return {
    call,
    send: (path = '/') => handler(HttpRequest.from(API + path), call),
    sent: () => mock.calls.map(({ request }) => headersOf(request)['dpop']),
  }
}

describe('a scheme like DPoP', () => {
  it('has a proof of its own for each request on the wire, and one retry on use_dpop_nonce', async () => {
    const { send, sent } = proofs(dpopLike().scheme, [useNonce('n1'), 200])
    expect((await send('/a?q=1#f')).status).toBe(200)
    expect(sent()).toEqual([`1 GET ${API}/a`, `2 GET ${API}/a n1`])
  })

  it('learns the nonce from every response: a success, an error, the last one of a failed retry', async () => {
    const { send, sent } = proofs(dpopLike().scheme, [
      withNonce(200, 'n1'),
      withNonce(500, 'n2'),
      useNonce('n3'),
      useNonce('n4'),
      200,
    ])
    for (const status of [200, 500, 401, 200]) expect((await send()).status).toBe(status)
    expect(sent().map((proof) => proof!.split(' ')[3])).toEqual([undefined, 'n1', 'n2', 'n3', 'n4'])
  })

  it('does not retry with the nonce that was refused, nor without one', async () => {
    for (const nonce of ['n1', undefined]) {
      const { scheme, nonces } = dpopLike()
      nonces.set(API, 'n1')
      const { send, sent } = proofs(scheme, [useNonce(nonce)])
      expect((await send()).status).toBe(401)
      expect(sent()).toHaveLength(1)
    }
  })

  it('does not retry a 401 that does not ask for it', async () => {
    const { send, sent } = proofs(dpopLike().scheme, [401])
    expect((await send()).status).toBe(401)
    expect(sent()).toHaveLength(1)
  })

  it('never answers a challenge of a bearer token', async () => {
    const refusal = new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer', 'dpop-nonce': 'n1' } })
    const { send, sent, call } = proofs(dpopLike().scheme, [refusal])
    expect((await send()).status).toBe(401)
    expect(sent()).toHaveLength(1)
    expect(call.trail.at(-1)).toMatchObject({ event: 'unanswered', detail: ['bearer'] })
  })
})

const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex')

/** As Digest: sessions by nonce with a count, `stale`, and a hash of the body. */
function digestLike(password = 'pw') {
  const sessions = new Map<string, { nonce: string; count: number }>()
  const scheme: AuthScheme = {
    name: 'digest',
    writes: { headers: ['authorization'] },
    binds: ['method', 'url', 'body', 'once'],
    async *flow(original, { origin, challenges, bytes, record }) {
      const { request, bytes: body } = await bytes(original)
      const hash = sha256(body)
      const sign = (session: { nonce: string; count: number }) => {
        const count = ++session.count
        return request.withHeader('authorization', `Digest ${session.nonce} ${count} ${sha256(password + hash)}`)
      }
      const known = sessions.get(origin)
      let response = yield known === undefined ? request : sign(known)
      let signed = known !== undefined
      while (response.status === 401) {
        const challenge = challenges(response).find(({ scheme }) => scheme === 'digest')
        if (challenge === undefined || (signed && challenge.params['stale'] !== 'true')) return
        if (signed) record('stale')
        const session = { nonce: challenge.params['nonce'] ?? '', count: 0 }
        sessions.set(origin, session)
        response = yield sign(session)
        signed = true
      }
    },
  }
  return scheme
}

/** A server that keeps count of its nonces, and takes each count once. */
async function digestServer(usesOfNonce = Infinity) {
  let serial = 0
  const used = new Map<string, Set<string>>()
  const challenge = (stale = '') => {
    const nonce = `n${++serial}`
    used.set(nonce, new Set())
    return faults.status(
      401,
      { 'www-authenticate': `Basic realm="a", Digest realm="a", nonce="${nonce}"${stale}` },
      'no',
    )
  }
  return faultyServer({
    routes: {
      '/:any': ({ headers, text }: ReceivedRequest) => {
        const [, nonce = '', count = '', proof] = (headers['authorization'] ?? '').split(' ')
        const counts = used.get(nonce)
        if (counts === undefined) return challenge()
        if (proof !== sha256(`pw${sha256(text)}`)) return challenge()
        if (counts.has(count) || counts.size >= usesOfNonce) return challenge(', stale=true')
        counts.add(count)
        return faults.ok('yes')
      },
    },
  })
}

describe('a scheme like Digest', () => {
  it('asks once: then its session goes on, and a count is never used twice, however many go at once', async () => {
    await using server = await digestServer()
    const api = HandlerStack.create()
      .push(auth(digestLike(), { origins: server.url }))
      .toFetch()
    expect(await (await api(`${server.url}/a`)).text()).toBe('yes')
    const texts = await Promise.all(Array.from({ length: 50 }, async () => (await api(`${server.url}/b`)).text()))
    expect(new Set(texts)).toEqual(new Set(['yes']))
    expect(server.count()).toBe(52)
  })

  it('answers a stale nonce once more, in the same call', async () => {
    await using server = await digestServer(1)
    const api = HandlerStack.create()
      .push(auth(digestLike(), { origins: server.url }))
      .toFetch()
    for (const requests of [2, 4, 6]) {
      expect(await (await api(`${server.url}/a`)).text()).toBe('yes')
      expect(server.count()).toBe(requests)
    }
  })

  it('takes a second 401 that is not stale as the answer: the password is wrong', async () => {
    await using server = await digestServer()
    const api = HandlerStack.create()
      .push(auth(digestLike('wrong'), { origins: server.url }))
      .toFetch()
    expect((await api(`${server.url}/a`)).status).toBe(401)
    expect(server.count()).toBe(2)
  })

  it('signs the bytes of the body, and sends these very bytes each time', async () => {
    await using server = await digestServer()
    const api = HandlerStack.create()
      .push(auth(digestLike(), { origins: server.url }))
      .toFetch()
    const form = new FormData()
    form.set('a', 'b')
    for (const body of ['hé', form, new Blob(['x']), new Blob(['stream']).stream()]) {
      expect((await api(`${server.url}/a`, { method: 'POST', body, duplex: 'half' })).status).toBe(200)
    }
    const [question, answer] = server.requests
    expect(question!.text).toBe(answer!.text)
  })

  it('never answers a challenge of Basic, which would give the password away', async () => {
    const mock = mockHandler([new Response(null, { status: 401, headers: { 'www-authenticate': 'Basic realm="a"' } })])
    const response = await auth(digestLike(), { origins: API })(mock)(HttpRequest.from(`${API}/`), new Call())
    expect(response.status).toBe(401)
    expect(headersOf(mock.last!.request)).toEqual({})
    expect(mock.count).toBe(1)
  })
})

describe('a stack', () => {
  it('knows what was written, once it was: for redirects and logs', async () => {
    const call = new Call()
    const { scheme } = dpopLike()
    const handler = auth(scheme, { origins: API })(mockHandler([200, 200]))
    await handler(HttpRequest.from('https://other.example/'), call)
    expect(call.credentials).toEqual([])
    await handler(HttpRequest.from(`${API}/`), call)
    await handler(HttpRequest.from('https://other.example/'), call).catch(() => {})
    expect(call.credentials).toEqual([scheme.writes])
  })
})
