import { type BodyInput, Call, HandlerStack, HttpRequest } from '@fetchstack/handler-stack'
import { faults, faultyServer, mockHandler, type ReceivedRequest } from '@fetchstack/testing'
import { describe, expect, it, vi } from 'vitest'
import { type AuthContext, type AuthScheme, auth, type SchemeOptions } from '../src/index.ts'
import { API, countingSignal, headersOf, rejection } from './helpers.ts'

const origins = [API]

/** Answers each 401 with the nonce that it names, for as long as there is one. `closed` tells how it ended. */
function challenged() {
  const closed = vi.fn()
  const contexts: AuthContext[] = []
  const scheme: AuthScheme = {
    name: 'nonce',
    writes: { headers: ['authorization'] },
    binds: ['once'],
    async *flow(request, context) {
      contexts.push(context)
      try {
        let response = yield request
        while (response.status === 401) {
          const nonce = response.headers.get('x-nonce')
          if (nonce === null) return
          response = yield request.withHeader('authorization', `Nonce ${nonce}`)
        }
      } finally {
        closed()
      }
    },
  }
  return { scheme, closed, contexts }
}

function challenge(nonce: string): Response {
  return new Response('no', { status: 401, headers: { 'x-nonce': nonce } })
}

function run(
  scheme: AuthScheme,
  responses: Parameters<typeof mockHandler>[0],
  init?: RequestInit,
  options?: Partial<SchemeOptions>,
) {
  const mock = mockHandler(responses)
  const call = new Call()
  const handler = auth(scheme, { origins, ...options })(mock)
  return { mock, call, sent: handler(HttpRequest.from(`${API}/`, init), call) }
}

const authorizations = ({ calls }: ReturnType<typeof mockHandler>) =>
  calls.map(({ request }) => headersOf(request)['authorization'])
const settle = () => new Promise(setImmediate)

describe('a flow', () => {
  it('sends what it yields and gets what comes back, until it returns: then the last response stands', async () => {
    const { scheme, closed, contexts } = challenged()
    const [first, second] = [challenge('n1'), new Response('yes')]
    const { mock, call, sent } = run(scheme, [first, second])
    expect(await sent).toBe(second)
    expect(authorizations(mock)).toEqual([undefined, 'Nonce n1'])
    expect(first.bodyUsed).toBe(true)
    expect(second.bodyUsed).toBe(false)
    expect(closed).toHaveBeenCalledOnce()
    expect(call.trail).toEqual([])
    expect(contexts).toEqual([{ origin: API, attempt: 1, signal: undefined }])
  })

  it('sends one request where the first response is good enough', async () => {
    const response = new Response('yes')
    const { mock, sent } = run(challenged().scheme, [response])
    expect(await sent).toBe(response)
    expect(mock.count).toBe(1)
  })

  it('that yields nothing sends the request as it came', async () => {
    const scheme: AuthScheme = {
      name: 'none',
      writes: {},
      // oxlint-disable-next-line require-yield -- That is the case in question.
      async *flow() {},
    }
    const { mock, sent } = run(scheme, [200])
    expect((await sent).status).toBe(200)
    expect(mock.count).toBe(1)
  })

  it('that finds no use for a 401 gives it back: an answer is not an error', async () => {
    const response = new Response('no', { status: 401 })
    const { sent } = run(challenged().scheme, [response])
    expect(await sent).toBe(response)
    expect(response.bodyUsed).toBe(false)
  })

  it('sends at most three requests, each superseded response is released, and the trail says so', async () => {
    const { scheme, closed } = challenged()
    const responses = ['n1', 'n2', 'n3'].map(challenge)
    const { call, sent, mock } = run(scheme, responses)
    expect(await sent).toBe(responses[2])
    expect(responses.map(({ bodyUsed }) => bodyUsed)).toEqual([true, true, false])
    expect(authorizations(mock)).toEqual([undefined, 'Nonce n1', 'Nonce n2'])
    expect(call.trail).toEqual([{ layer: 'auth', event: 'not-resent', attempt: 1, detail: 'max-rounds' }])
    await settle()
    expect(closed).toHaveBeenCalledOnce()
  })

  it.each([1, 2, 5])('sends at most maxRounds requests: %i', async (maxRounds) => {
    const { sent, mock } = run(
      challenged().scheme,
      Array.from({ length: 9 }, () => () => challenge('n')),
      {},
      { maxRounds },
    )
    expect((await sent).status).toBe(401)
    expect(mock.count).toBe(maxRounds)
  })

  it('is given every response, the last one too: it may hold the next nonce', async () => {
    const seen: number[] = []
    const scheme: AuthScheme = {
      name: 'reader',
      writes: { headers: ['dpop'] },
      async *flow(request) {
        for (;;) seen.push((yield request).status)
      },
    }
    await run(scheme, [401, 200], {}, { maxRounds: 2 }).sent
    expect(seen).toEqual([401, 200])
  })

  it('that leaves the origin is refused, whatever it has written', async () => {
    const scheme: AuthScheme = {
      name: 'stray',
      writes: { headers: ['authorization'] },
      async *flow(request) {
        yield request.withHeader('authorization', 'tok3n').with({ url: 'https://evil.example/' })
      },
    }
    const error = await rejection(auth(scheme, { origins }))
    expect(error).toMatchObject({ code: 'FETCHSTACK_AUTH_OUTSIDE' })
    expect(error.message).toBe(`[GET] ${API}/videos: stray: its flow left ${API}.`)
  })
})

describe('a flow is closed', () => {
  it('when sending fails, with that error', async () => {
    const { scheme, closed } = challenged()
    const failure = new TypeError('fetch failed')
    await expect(run(scheme, [failure]).sent).rejects.toBe(failure)
    await settle()
    expect(closed).toHaveBeenCalledOnce()
  })

  it('when it throws, with what it threw, and the response that it held is released', async () => {
    const response = challenge('n1')
    const failure = new Error('bad challenge')
    const scheme: AuthScheme = {
      name: 'thrower',
      writes: {},
      async *flow(request) {
        yield request
        throw failure
      },
    }
    await expect(run(scheme, [response]).sent).rejects.toBe(failure)
    expect(response.bodyUsed).toBe(true)
  })

  it('when it hangs and the request aborts: at once, with the reason, and no listener is left', async () => {
    const response = challenge('n1')
    const scheme: AuthScheme = {
      name: 'hanger',
      writes: {},
      async *flow(request) {
        yield request
        await new Promise(() => {})
      },
    }
    const { controller, signal, listeners } = countingSignal()
    const { sent } = run(scheme, [response], { signal })
    await settle()
    controller.abort(new Error('enough'))
    await expect(sent).rejects.toThrow('enough')
    expect(response.bodyUsed).toBe(true)
    expect(listeners()).toBe(0)
  })

  it('and what its cleanup throws is nobody’s business', async () => {
    const scheme: AuthScheme = {
      name: 'cleaner',
      writes: {},
      async *flow(request) {
        try {
          for (;;) yield request
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- That is the case in question.
          throw new Error('cleanup')
        }
      },
    }
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    expect((await run(scheme, [401], {}, { maxRounds: 1 }).sent).status).toBe(401)
    await settle()
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})

describe('the body', () => {
  const server = () =>
    faultyServer({
      routes: {
        'POST /': ({ headers }: ReceivedRequest) =>
          headers['authorization'] === undefined ? faults.status(401, { 'x-nonce': 'n1' }, 'no') : faults.ok('yes'),
        'POST /open': faults.ok('yes'),
        'POST /never': faults.status(401, { 'x-nonce': 'n' }, 'no'),
      },
    })
  const fetchTo = (origins: string, options?: Partial<SchemeOptions>) =>
    HandlerStack.create()
      .push(auth(challenged().scheme, { origins, ...options }))
      .toFetch()

  const bodies: [string, () => BodyInput | (() => BodyInput)][] = [
    ['a string', () => 'hello'],
    ['bytes', () => new TextEncoder().encode('hello')],
    ['a Blob', () => new Blob(['hello'])],
    ['a factory of streams', () => () => new Blob(['hello']).stream()],
  ]

  it.each(bodies)('%s is sent whole each time', async (_, body) => {
    await using peer = await server()
    const response = await fetchTo(peer.url)(peer.url, { method: 'POST', body: body() })
    expect(await response.text()).toBe('yes')
    expect(peer.requests.map(({ text }) => text)).toEqual(['hello', 'hello'])
  })

  it("of the caller's Request is sent whole each time, to the last round", async () => {
    await using peer = await server()
    const request = new Request(peer.url, { method: 'POST', body: 'hello', headers: { 'x-mine': '1' } })
    expect(await (await fetchTo(peer.url)(request)).text()).toBe('yes')
    const stubborn = new Request(`${peer.url}/never`, { method: 'POST', body: 'hello' })
    expect((await fetchTo(peer.url)(stubborn)).status).toBe(401)
    expect(peer.requests.map(({ text, complete }) => [text, complete])).toEqual(
      Array.from({ length: 5 }, () => ['hello', true]),
    )
    expect(peer.requests[1]!.headers['x-mine']).toBe('1')
  })

  it("of the caller's Request is released when it is not needed again, and not cloned when it can't be", async () => {
    await using peer = await server()
    const request = new Request(`${peer.url}/open`, { method: 'POST', body: 'hello' })
    expect((await fetchTo(peer.url)(request)).status).toBe(200)
    expect(request.bodyUsed).toBe(true)
    const once = new Request(`${peer.url}/open`, { method: 'POST', body: 'hello' })
    const clone = vi.spyOn(once, 'clone')
    await fetchTo(peer.url, { maxRounds: 1 })(once)
    expect(clone).not.toHaveBeenCalled()
  })

  it('that is a stream is sent once: the 401 comes back, unread, and the trail says why', async () => {
    const { scheme, closed } = challenged()
    const response = challenge('n1')
    const { sent, mock, call } = run(scheme, [response], { method: 'POST', body: new Blob(['hello']).stream() })
    expect(await sent).toBe(response)
    expect(response.bodyUsed).toBe(false)
    expect(mock.count).toBe(1)
    expect(call.trail).toEqual([{ layer: 'auth', event: 'not-resent', attempt: 1, detail: 'unreplayable-body' }])
    await settle()
    expect(closed).toHaveBeenCalledOnce()
  })

  it('leaves few sockets open, however many challenges are answered', async () => {
    await using peer = await faultyServer({
      routes: {
        '/': ({ headers }: ReceivedRequest) =>
          headers['authorization'] === undefined
            ? faults.status(401, { 'x-nonce': 'n1' }, 'x'.repeat(200_000))
            : faults.ok('yes'),
      },
    })
    const api = fetchTo(peer.url)
    for (let call = 0; call < 40; call++) expect(await (await api(peer.url)).text()).toBe('yes')
    expect(peer.count()).toBe(80)
    expect(peer.openSockets).toBeLessThanOrEqual(3)
  })
})

describe('a scheme that is refused', () => {
  it.each([
    undefined,
    null,
    'bearer',
    {},
    { name: 'x' },
    { name: '', writes: {} },
    { name: 'x', writes: null, authorize() {} },
  ])('%j', (scheme) => {
    expect(() => auth(scheme as unknown as AuthScheme, { origins })).toThrow(
      /^auth: scheme must be an object with a name and with what it writes/,
    )
  })

  it('with neither or both of authorize and flow', () => {
    const { scheme } = challenged()
    const both: AuthScheme = { ...scheme, authorize: (request) => request }
    for (const scheme of [both, { name: 'nonce', writes: {} }]) {
      expect(() => auth(scheme, { origins })).toThrow(
        'auth: scheme "nonce" must have either authorize or flow, as a function.',
      )
    }
  })

  it('or maxRounds that is no number of requests', () => {
    for (const maxRounds of [0, -1, 1.5, Number.NaN, Infinity, '3']) {
      expect(() => auth(challenged().scheme, { origins, maxRounds: maxRounds as number })).toThrow(
        'nonce: maxRounds must be a whole number',
      )
    }
  })
})

it('a scheme of its own without a flow is asked once per attempt', async () => {
  const contexts: AuthContext[] = []
  const scheme: AuthScheme = {
    name: 'stamp',
    writes: { headers: ['x-stamp'] },
    authorize(request, context) {
      contexts.push(context)
      return request.withHeader('x-stamp', '1')
    },
  }
  const { signal } = new AbortController()
  const { mock, sent } = run(scheme, [200], { signal })
  await sent
  expect(headersOf(mock.last!.request)).toEqual({ 'x-stamp': '1' })
  expect(contexts).toEqual([{ origin: API, attempt: 1, signal }])
})
