import { Call, HandlerStack, HttpRequest } from '@fetchstack/handler-stack'
import { mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { type AuthScheme, auth, basicScheme, bearerScheme, type SchemeOptions } from '../src/index.ts'
import { API, headersOf } from './helpers.ts'

/** Stands in for a scheme that needs a challenge before it can say anything: Digest. */
const proof: AuthScheme = {
  name: 'proof',
  answers: ['proof', 'proof-2'],
  writes: { headers: ['authorization', 'x-proof'] },
  async *flow(request, { challenges }) {
    const response = yield request
    const challenge = challenges(response).find(({ scheme }) => scheme.startsWith('proof'))
    if (response.status === 401 && challenge !== undefined) {
      yield request.withHeader('authorization', `Proof ${challenge.params['nonce']}`)
    }
  },
}
const basic = basicScheme('me', 'pw')
const schemes = [proof, bearerScheme('t'), basic]
const [PROOF, BEARER, BASIC] = ['Proof n1', 'Bearer t', `Basic ${btoa('me:pw')}`]

const challenge = (...values: string[]) =>
  new Response('no', { status: 401, headers: values.map((value): [string, string] => ['www-authenticate', value]) })
const yes = () => new Response('yes')

/** A stack that keeps what it learnt, and what was sent through it. */
function client(responses: (Response | number)[], options: Partial<SchemeOptions> = {}, list: AuthScheme[] = schemes) {
  const mock = mockHandler(responses)
  const handler = auth(list, { origins: [API, 'https://other.example'], ...options })(mock)
  const call = new Call()
  return {
    call,
    send: (init?: RequestInit, url = `${API}/`) => handler(HttpRequest.from(url, init), call),
    sent: () => mock.calls.map(({ request }) => headersOf(request)['authorization']),
  }
}

describe('of several schemes', () => {
  it.each([
    ['the only one that is offered', ['Basic realm="a"'], BASIC],
    [
      'the first of the list, whatever the order of the challenges',
      ['Basic realm="a"', 'Bearer', 'Proof nonce=n1'],
      PROOF,
    ],
    ['the first that is offered, in one field too', ['Negotiate, Basic realm="a", Bearer'], BEARER],
    ['one by any of the names that it answers', ['Proof-2 nonce="n1"'], PROOF],
    ['whatever the case', ['bAsIc realm="a"'], BASIC],
  ])('%s answers the challenge', async (_, offered, expected) => {
    const { send, sent, call } = client([challenge(...offered), yes()])
    expect((await send()).status).toBe(200)
    expect(sent()).toEqual([undefined, expected])
    expect(call.trail).toEqual([
      { layer: 'auth', event: 'chosen', attempt: 1, detail: expect.stringMatching(/^(proof|bearer|basic)$/) },
    ])
  })

  it('none is asked where the server wants none', async () => {
    const { send, sent } = client([200, 404, 403])
    for (const status of [200, 404, 403]) expect((await send()).status).toBe(status)
    expect(sent()).toEqual([undefined, undefined, undefined])
  })

  it('the one that was chosen is remembered per origin: no second question', async () => {
    const { send, sent } = client([challenge('Bearer'), yes(), yes(), challenge('Basic realm="a"'), yes(), yes()])
    await send()
    await send()
    await send({}, 'https://other.example/')
    await send()
    expect(sent()).toEqual([undefined, BEARER, BEARER, undefined, BASIC, BEARER])
  })

  it('a stronger one takes its place when the server offers it, in the same call', async () => {
    const { send, sent } = client([
      challenge('Basic realm="a"'),
      yes(),
      challenge('Basic realm="a", Proof nonce=n1'),
      yes(),
    ])
    await send()
    expect((await send()).status).toBe(200)
    expect(sent()).toEqual([undefined, BASIC, BASIC, PROOF])
  })

  it('a weaker one never does: the 401 stands, and the trail says so', async () => {
    const { send, sent, call } = client([challenge('Proof nonce=n1'), yes(), challenge('Basic realm="a"')])
    await send()
    expect((await send()).status).toBe(401)
    expect(sent()).toEqual([undefined, PROOF, undefined])
    expect(call.trail.at(-1)).toEqual({ layer: 'auth', event: 'unanswered', attempt: 1, detail: ['basic'] })
  })

  it('the credential is sent once: a second 401 for it stands', async () => {
    const { send, sent } = client([challenge('Bearer'), challenge('Bearer')])
    expect((await send()).status).toBe(401)
    expect(sent()).toEqual([undefined, BEARER])
  })

  it('a body that can be sent once is not spent on the question: it has the strongest, and the answer is remembered', async () => {
    const { send, sent } = client([challenge('Basic realm="a"'), yes()], {}, [bearerScheme('t'), basic])
    const stream = (): RequestInit => ({ method: 'POST', body: new Blob(['hello']).stream() })
    expect((await send(stream())).status).toBe(401)
    expect((await send(stream())).status).toBe(200)
    expect(sent()).toEqual([BEARER, BASIC])
  })

  it('all names are declared, and a credential of the caller is kept', async () => {
    const { send, sent, call } = client([200, 200])
    const declared = [{ headers: ['authorization', 'x-proof', 'authorization', 'authorization'], query: [] }]
    await send({ headers: { authorization: 'mine' } })
    expect(sent()).toEqual(['mine'])
    expect(call.credentials).toEqual(declared)
    await send()
    expect(call.credentials).toEqual(declared)
  })

  it('the label names them all', () => {
    const stack = HandlerStack.create().push(auth(schemes, { origins: API }))
    expect(String(stack)).toContain(`proof|bearer|basic(${API})`)
  })

  it('there must be at least one, and each must be one', () => {
    expect(() => auth([], { origins: API })).toThrow('auth: schemes must have at least one scheme.')
    expect(() => auth([proof, {} as AuthScheme], { origins: API })).toThrow(
      'auth: scheme must be an object with a name',
    )
  })
})

describe('a challenge that offers only what is not configured', () => {
  const weaker = () => challenge('Basic realm="s3cret"', 'NTLM')

  it('is not answered: the 401 comes back unread, and the trail names what is offered', async () => {
    const { send, sent, call } = client([weaker()], {}, [proof])
    const response = await send()
    expect([response.status, response.bodyUsed]).toEqual([401, false])
    expect(sent()).toEqual([undefined])
    expect(call.trail).toEqual([{ layer: 'auth', event: 'unanswered', attempt: 1, detail: ['basic', 'ntlm'] }])
  })

  it("is an error with unanswered: 'error', with nothing secret in it, and the response is released", async () => {
    const response = weaker()
    for (const list of [[proof], [proof, bearerScheme('t0ken')]]) {
      const error = await client([response.clone()], { unanswered: 'error' }, list)
        .send()
        .catch((error: unknown) => error as Error)
      expect(error).toMatchObject({ name: 'AuthError', code: 'FETCHSTACK_AUTH_CHALLENGE' })
      const names = list.length === 1 ? 'proof or proof-2' : 'proof or proof-2 or bearer'
      expect((error as Error).message).toMatch(
        new RegExp(`^\\[GET\\] ${API}/: [a-z|]+: the server offers no ${names}: it gets no answer\\.$`),
      )
    }
    await expect(client([response], { unanswered: 'error' }, [proof]).send()).rejects.toThrow('it gets no answer')
    expect(response.bodyUsed).toBe(true)
  })

  it("is one too when a stronger one was offered before: unanswered: 'error'", async () => {
    const { send } = client([challenge('Proof nonce=n1'), yes(), challenge('Basic')], { unanswered: 'error' })
    await send()
    await expect(send()).rejects.toThrow('the server offers no proof or proof-2: it gets no answer.')
  })

  it('a 401 without a challenge, and other statuses, are what they are', async () => {
    for (const response of [401, 403, 200]) {
      const { send, call } = client([response], { unanswered: 'error' }, [proof])
      expect((await send()).status).toBe(response)
      expect(call.trail).toEqual([])
    }
  })

  it('names of a thousand offers, or endless ones, do not fill the trail', async () => {
    const { send, call } = client([challenge(`${'x'.repeat(3000)} a=b, ${'y a=b, '.repeat(500)} z a=b`)], {}, [proof])
    await send()
    expect(JSON.stringify(call.trail).length).toBeLessThan(300)
  })
})
