import { inspect } from 'node:util'
import { bearer } from '@fetchstack/auth'
import { HandlerStack } from '@fetchstack/handler-stack'
import { mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { type RedirectOptions, redirect } from '../src/index.ts'

describe('an option that can not be used is refused when it is made', () => {
  const refused: [object, RegExp][] = [
    [{ maxx: 1 }, /unknown option "maxx"\. Did you mean "max"\?/],
    [{ max: -1 }, /max must be a whole number of at least 0, got -1/],
    [{ max: 1.5 }, /max must be a whole number/],
    [{ max: Infinity }, /max must be a whole number/],
    [{ protocols: [] }, /protocols must be a list, not empty/],
    [{ protocols: 'https' }, /protocols must be a list, not empty, got "https"/],
    [{ protocols: ['ftp'] }, /protocols must be one of "http", "https", got "ftp"/],
    [{ downgrade: true }, /downgrade must be one of "error", "follow", got true/],
    [{ sameOrigin: 1 }, /sameOrigin must be one of true, false/],
    [{ strict: 'yes' }, /strict must be/],
    [{ referer: 1 }, /referer must be/],
    [{ track: 1 }, /track must be/],
    [{ retryAfter: -1 }, /retryAfter must be a number of milliseconds/],
    [{ retryAfter: true }, /retryAfter must be/],
    [{ opaque: 'ignore' }, /opaque must be one of "follow", "error"/],
    [{ onRedirect: true }, /onRedirect must be a function/],
    [{ clock: {} }, /clock.setTimeout must be a function/],
    [{ sensitive: ['x'] }, /redirect.sensitive: options must be an object/],
    [{ sensitive: { header: ['x'] } }, /unknown option "header". Did you mean "headers"/],
    [{ sensitive: { headers: 'x' } }, /sensitive.headers must be a list of names/],
    [{ sensitive: { query: [''] } }, /sensitive.query must be a list of names/],
    [{ keep: ['x'] }, /redirect.keep: options must be an object/],
    [{ keep: { 'b.example': ['x'] } }, /keep goes by origins like 'https:\/\/cdn.example.com'; got "b.example"/],
    [{ keep: { 'https://*.b.example': ['x'] } }, /keep goes by origins/],
    [{ keep: { 'https://b.example/path': ['x'] } }, /keep goes by origins/],
    [{ keep: { 'https://me:s3cret@b.example': ['x'] } }, /got "https:\/\/b.example"/],
    [{ keep: { 'https://b.example': 'x' } }, /keep\["https:\/\/b.example"\] must be a list of names/],
    [{ downgrade: 'follow', sameOrigin: true }, /no effect with this sameOrigin/],
    [{ downgrade: 'follow', protocols: ['https'] }, /no effect with this protocols/],
    [{ keep: { 'https://b.example': ['x'] }, sameOrigin: true }, /keep has no effect with sameOrigin/],
  ]
  it.each(refused)('%o', (options, message) => {
    expect(() => redirect(options as RedirectOptions)).toThrow(message)
    expect(() => redirect(options as RedirectOptions)).toThrow(
      expect.objectContaining({ code: 'FETCHSTACK_INVALID_OPTION' }),
    )
  })

  it('the option of a call, before anything is sent, and in view of those of the stack', async () => {
    const mock = mockHandler()
    const api = HandlerStack.create(mock)
      .push(redirect({ sameOrigin: true }))
      .toFetch()
    const wrong = { redirect: true } as object
    await expect(api('https://example.com', { fetchstack: wrong })).rejects.toThrow('options must be an object')
    const contradiction = { redirect: { downgrade: 'follow' } } as const
    await expect(api('https://example.com', { fetchstack: contradiction })).rejects.toThrow('no effect')
    expect(mock.count).toBe(0)
  })

  it('an option of a call that is undefined stays as it is', async () => {
    const mock = mockHandler([new Response(null, { status: 302, headers: { location: 'https://b.example' } })])
    const api = HandlerStack.create(mock)
      .push(redirect({ sameOrigin: true }))
      .toFetch()
    const given = { redirect: { sameOrigin: undefined } } as object
    await expect(api('https://example.com', { fetchstack: given })).rejects.toMatchObject({
      code: 'FETCHSTACK_REDIRECT_ORIGIN',
    })
  })
})

describe('in a stack', () => {
  const credential = bearer('t', { origins: 'https://api.example.com' })

  it('stands outside auth', () => {
    expect(HandlerStack.create().push(redirect()).push(credential).check()).toEqual([])
    const [finding] = HandlerStack.create().push(credential).push(redirect()).check()
    expect(finding).toMatchObject({
      code: 'order',
      message:
        'redirect should stand outside auth, or else a hop goes out without a credential of its own, or with a stale one.',
    })
  })

  it('says how often what is inside runs', () => {
    const stack = HandlerStack.create().push(redirect({ max: 5, sameOrigin: true }))
    expect(stack.maxAttempts).toBe(6)
    expect(String(stack)).toContain('redirect(5 at most, same origin)')
  })

  it('an error prints no query value, header or body, however it is printed', async () => {
    const location = 'https://b.example/?code=s3cret'
    const mock = mockHandler([new Response(null, { status: 302, headers: { location, 'set-cookie': 'a=s3cret' } })])
    const api = HandlerStack.create(mock)
      .push(redirect({ sameOrigin: true }))
      .toFetch()
    const headers = { 'x-api-key': 's3cret' }
    const error: Error = await api('https://a.example/?key=s3cret', { headers }).then(
      () => new Error('not rejected'),
      (error: Error) => error,
    )
    expect(error.message).toContain('(302 to https://b.example/?code=…)')
    const prints = [String(error), inspect(error, { depth: 9, showHidden: true }), JSON.stringify({ ...error })]
    expect(prints.join()).not.toContain('s3cret')
  })
})
