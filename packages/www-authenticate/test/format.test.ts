import { OptionError } from '@fetchstack/options'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Challenge,
  formatAuthenticationInfo,
  formatChallenges,
  parseAuthenticationInfo,
  parseChallenges,
} from '../src/index.ts'

const token = fc.string({ unit: fc.constantFrom(..."abcxyz019!#$%&'*+-.^_`|~"), minLength: 1, maxLength: 8 })
const value = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
})
const params = fc.dictionary(token, value, { maxKeys: 5 }).map((all) => ({ ...all }))
const token68 = fc.stringMatching(/^[A-Za-z0-9._~+/-]{1,12}={0,3}$/)
const challenge: fc.Arbitrary<Challenge> = fc.oneof(
  fc.record({ scheme: token, params }),
  fc.record({ scheme: token, params: fc.constant({}), token68 }),
)

describe('formatChallenges', () => {
  it('quotes all values but stale and algorithm', () => {
    const params = { realm: 'a b', nonce: 'n', qop: 'auth', stale: 'true', algorithm: 'SHA-256', userhash: 'true' }
    expect(formatChallenges([{ scheme: 'Digest', params }])).toBe(
      'Digest realm="a b", nonce="n", qop="auth", stale=true, algorithm=SHA-256, userhash="true"',
    )
  })

  it('escapes quotes and backslashes', () => {
    expect(formatChallenges([{ scheme: 'Basic', params: { realm: 'a"b\\c' } }])).toBe('Basic realm="a\\"b\\\\c"')
  })

  it('quotes stale where it is no token', () => {
    expect(formatChallenges([{ scheme: 'Digest', params: { stale: 'a b' } }])).toBe('Digest stale="a b"')
  })

  it('writes schemes alone, token68 and several', () => {
    expect(formatChallenges([])).toBe('')
    const negotiate = { scheme: 'Negotiate', params: {}, token68: 'ab==' }
    expect(formatChallenges([{ scheme: 'NTLM', params: {} }, negotiate])).toBe('NTLM, Negotiate ab==')
  })

  it('what is written is read as it was, by way of Headers too', () => {
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), (challenges) => {
        const text = formatChallenges(challenges)
        const read = parseChallenges(new Headers({ 'www-authenticate': text }))
        expect(read.map((one) => ({ ...one, params: { ...one.params } }))).toEqual(challenges)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['a scheme with a space', { scheme: 'Ba sic', params: {} }, 'scheme'],
    ['no scheme', { scheme: '', params: {} }, 'scheme'],
    ['a name that is no token', { scheme: 'Basic', params: { 'a b': 'c' } }, 'params'],
    ['an empty name', { scheme: 'Basic', params: { '': 'c' } }, 'params'],
    ['a name twice', { scheme: 'Basic', params: { realm: 'a', Realm: 'b' } }, 'params'],
    ['CR', { scheme: 'Basic', params: { realm: 'hush\r' } }, 'params'],
    ['LF', { scheme: 'Basic', params: { realm: 'hush\nset-cookie: a' } }, 'params'],
    ['NUL', { scheme: 'Basic', params: { realm: 'hush\0' } }, 'params'],
    ['LF in a value that needs no quotes', { scheme: 'Basic', params: { stale: 'hush\n' } }, 'params'],
    ['above U+00FF', { scheme: 'Basic', params: { realm: 'hush\u20ac' } }, 'params'],
    ['a token68 that is none', { scheme: 'Negotiate', params: {}, token68: 'hush=a' }, 'token68'],
    ['a token68 with a line break', { scheme: 'Negotiate', params: {}, token68: 'hush\n' }, 'token68'],
    ['an empty token68', { scheme: 'Negotiate', params: {}, token68: '' }, 'token68'],
    ['a token68 and parameters', { scheme: 'Negotiate', params: { a: 'b' }, token68: 'hush' }, 'token68'],
  ])('refuses %s, and shows no value', (_title, challenge, option) => {
    let thrown: unknown
    try {
      formatChallenges([challenge])
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(OptionError)
    expect(thrown).toMatchObject({ owner: 'formatChallenges', option })
    expect(String(thrown)).not.toContain('hush')
  })
})

describe('Authentication-Info', () => {
  it('reads the example of RFC 7616', () => {
    const text = 'rspauth="6629fae49393a05397450978507c4ef1", cnonce="0a4f113b", nc=00000001, qop=auth, nextnonce=abc'
    expect({ ...parseAuthenticationInfo(text) }).toEqual({
      rspauth: '6629fae49393a05397450978507c4ef1',
      cnonce: '0a4f113b',
      nc: '00000001',
      qop: 'auth',
      nextnonce: 'abc',
    })
  })

  it('reads it from a response, and the field of a proxy when asked', () => {
    const headers = { 'authentication-info': 'nextnonce="a"', 'proxy-authentication-info': 'nextnonce="b"' }
    const response = new Response(null, { headers })
    expect(parseAuthenticationInfo(response).nextnonce).toBe('a')
    expect(parseAuthenticationInfo(response, 'proxy-authentication-info').nextnonce).toBe('b')
    expect(Object.keys(parseAuthenticationInfo(new Headers()))).toEqual([])
  })

  it('leaves out what is no parameter, and a second one of a name', () => {
    expect({ ...parseAuthenticationInfo('a=1, b, "c", A=2, =, d=@, e = "f" ,, g="') }).toEqual({ a: '1', e: 'f' })
  })

  it('qop and nc are written without quotes', () => {
    expect(formatAuthenticationInfo({ nextnonce: 'n', qop: 'auth', nc: '00000001', cnonce: 'c' })).toBe(
      'nextnonce="n", qop=auth, nc=00000001, cnonce="c"',
    )
    expect(() => formatAuthenticationInfo({ nextnonce: 'a\n' })).toThrow(OptionError)
  })

  it('what is written is read as it was', () => {
    fc.assert(
      fc.property(params, (all) => {
        expect({ ...parseAuthenticationInfo(formatAuthenticationInfo(all)) }).toEqual(all)
      }),
    )
  })

  it('any text gives parameters, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const name of Object.keys(parseAuthenticationInfo(text))) expect(name).toMatch(/^[!-~]+$/)
      }),
    )
  })
})
