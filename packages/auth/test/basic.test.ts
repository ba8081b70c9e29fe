import { HandlerStack } from '@fetchstack/handler-stack'
import { faultyServer } from '@fetchstack/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { basic, Secret } from '../src/index.ts'
import { API, headersOf, pass, rejection } from './helpers.ts'

const origins = [API]

async function value(user: string, password: string): Promise<string | undefined> {
  return headersOf((await pass(basic(user, password, { origins }))).sent)['authorization']
}

describe('the header', () => {
  it.each([
    ['RFC 7617 §2', 'Aladdin', 'open sesame', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['RFC 7617 §2.1, UTF-8', 'test', '123£', 'dGVzdDoxMjPCow=='],
    ['beyond Latin-1, where btoa throws', 'test', '€', 'dGVzdDrigqw='],
    ['beyond the basic plane', 'test', '🔑', 'dGVzdDrwn5SR'],
    ['a colon in the password', 'me', 'a:b', 'bWU6YTpi'],
    ['an empty password', 'sk_live', '', 'c2tfbGl2ZTo='],
    ['an empty user', '', 'token', 'OnRva2Vu'],
  ])('%s', async (_, user, password, expected) => {
    expect(await value(user, password)).toBe(`Basic ${expected}`)
  })

  it('holds the composed form, so that the two ways to type an accent are one password', async () => {
    expect(await value('Jose\u0301', 'e\u0301')).toBe(await value('Jos\u00E9', '\u00E9'))
    expect(await value('Jos\u00E9', '\u00E9')).toBe(`Basic ${Buffer.from('Jos\u00E9:\u00E9').toString('base64')}`)
  })

  it('is read back by any server as user and password', async () => {
    const text = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text))
    await fc.assert(
      fc.asyncProperty(text, text, async (user, password) => {
        fc.pre(!user.includes(':'))
        const [, encoded = ''] = (await value(user, password))!.split(' ')
        const decoded = Buffer.from(encoded, 'base64').toString('utf8')
        expect(decoded).toBe(`${user}:${password}`.normalize())
      }),
    )
  })

  it('arrives at a real server, with the password of a provider', async () => {
    await using server = await faultyServer({ routes: { '*': 200 } })
    const middleware = basic('Aladdin', async () => Secret.of('open sesame'), { origins: server.url })
    await HandlerStack.create().push(middleware).toFetch()(server.url)
    expect(server.requests[0]!.headers['authorization']).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==')
  })

  it('takes a long password', async () => {
    const password = 'x'.repeat(20_000)
    expect(await value('me', password)).toBe(`Basic ${Buffer.from(`me:${password}`).toString('base64')}`)
  })
})

describe('what RFC 7617 forbids is refused', () => {
  it.each(['me:you', 'm\ne', 'm\u0000e', 'm\u007Fe', 'm\u0085e', undefined, 5])('user %j', (user) => {
    const make = () => basic(user as string, 'pw', { origins })
    expect(make).toThrow('basic: user must be a string without ":" and control characters (RFC 7617 §2).')
    expect(make).toThrow(expect.objectContaining({ name: 'OptionError', option: 'user' }))
  })

  it.each(['p\nw', 'pw\r', 'p\tw', 'p\u0000w', 'p\u007Fw', undefined, 5])('password %j', async (password) => {
    expect(() => basic('me', password as string, { origins })).toThrow(
      /^basic: password must be a string without control characters \(RFC 7617 §2\); this \w+ is not\.$/,
    )
    const error = await rejection(basic('me', () => password as string, { origins }))
    expect(error).toMatchObject({ code: 'FETCHSTACK_AUTH_SECRET' })
  })
})
