import { Call, HttpRequest } from '@fetchstack/handler-stack'
import { mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { type RedirectOptions, redirect } from '../src/index.ts'
import { rejection } from './helpers.ts'

/** What a browser gives for a redirect that it was told not to follow. */
function opaque(): Response {
  return Object.defineProperties(new Response(null), { status: { value: 0 }, type: { value: 'opaqueredirect' } })
}

async function send(init?: RequestInit, options?: RedirectOptions, call = new Call()) {
  const mock = mockHandler([opaque(), () => new Response('end')])
  const sent = redirect(options)(mock)(HttpRequest.from('https://example.com', init), call)
  return { mock, sent, call }
}

describe('in a browser, which hides where a redirect leads', () => {
  it.each([undefined, { method: 'HEAD' }, { headers: { authorization: 'Bearer t', accept: '*/*' } }])(
    'the browser is asked again and left to the browser where that is harmless: %o',
    async (init) => {
      const { mock, sent, call } = await send(init)
      expect((await sent).status).toBe(200)
      expect(mock.calls.map(({ request }) => request.init!['redirect' as never])).toEqual(['manual', 'follow'])
      expect(call.trail).toEqual([{ layer: 'redirect', event: 'left-to-browser', attempt: 1 }])
    },
  )

  const declared = (names: { headers?: string[]; query?: string[] }) => {
    const call = new Call()
    call.declareCredentials(names)
    return call
  }
  const refused: [string, RequestInit | undefined, RedirectOptions | undefined, Call | undefined][] = [
    ['POST would be sent twice', { method: 'POST' }, undefined, undefined],
    ['DELETE would be sent twice', { method: 'DELETE' }, undefined, undefined],
    ['x-api-key would go along', { headers: { 'X-Api-Key': 'k' } }, undefined, undefined],
    ['x-mine would go along', { headers: { 'x-mine': 'k' } }, { sensitive: { headers: ['x-mine'] } }, undefined],
    ['x-sig would go along', undefined, undefined, declared({ headers: ['x-sig'] })],
    ['key would go along', undefined, undefined, declared({ query: ['key'] })],
    ['it would not keep to sameOrigin, protocols or onRedirect', undefined, { sameOrigin: true }, undefined],
    ['it would not keep to sameOrigin, protocols or onRedirect', undefined, { protocols: ['https'] }, undefined],
    ['it would not keep to sameOrigin, protocols or onRedirect', undefined, { onRedirect: () => {} }, undefined],
    ['opaque is set to error', undefined, { opaque: 'error' }, undefined],
  ]
  it.each(refused)('else it is an error: %s', async (why, init, options, call) => {
    const { mock, sent } = await send(init, options, call)
    const error = await rejection(sent)
    expect(error.code).toBe('FETCHSTACK_REDIRECT_OPAQUE')
    expect(error.message).toMatch(/^\[[A-Z]+] https:\/\/example.com: the redirect is not followed: a browser/)
    expect(error.message).toContain(`: ${why}. Ask for the final URL.`)
    expect(mock.count).toBe(1)
  })

  it("the caller's own redirect: 'error' is refused as such, and 'manual' gets what the browser gives", async () => {
    const { sent } = await send({ redirect: 'error' })
    expect((await rejection(sent)).code).toBe('FETCHSTACK_REDIRECT_REFUSED')
    expect((await (await send({ redirect: 'manual' })).sent).type).toBe('opaqueredirect')
  })

  it('what declares authorization alone is harmless: browsers leave that behind', async () => {
    const { sent } = await send(undefined, undefined, declared({ headers: ['Authorization'] }))
    expect((await sent).status).toBe(200)
  })
})
