import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { fieldLimit, parseChallenges } from '../src/index.ts'

/** Without the missing prototype, so that it can be compared. */
const parse = (value: string) =>
  parseChallenges(value).map(({ params, ...rest }) => ({ ...rest, params: Object.fromEntries(Object.entries(params)) }))

describe('one challenge', () => {
  it.each([
    ['Basic', [{ scheme: 'basic', params: {} }]],
    ['Basic realm="api"', [{ scheme: 'basic', params: { realm: 'api' } }]],
    ['BASIC ReAlM="api"', [{ scheme: 'basic', params: { realm: 'api' } }]],
    ['Basic realm = "api"', [{ scheme: 'basic', params: { realm: 'api' } }]],
    ['Basic realm\t=\t"api"\t', [{ scheme: 'basic', params: { realm: 'api' } }]],
    ['Basic   realm="api"', [{ scheme: 'basic', params: { realm: 'api' } }]],
    ['Basic realm=""', [{ scheme: 'basic', params: { realm: '' } }]],
    ['Basic realm="a \\"b\\" \\\\ \\c"', [{ scheme: 'basic', params: { realm: 'a "b" \\ c' } }]],
    ['Basic realm="a, b=c, Digest"', [{ scheme: 'basic', params: { realm: 'a, b=c, Digest' } }]],
    ['Basic realm="\u00fc\u00ff"', [{ scheme: 'basic', params: { realm: '\u00fc\u00ff' } }]],
    ['Basic a=1, b="2" ,, c=3 ,', [{ scheme: 'basic', params: { a: '1', b: '2', c: '3' } }]],
    ['Basic , a=1', [{ scheme: 'basic', params: { a: '1' } }]],
    ['Basic, a=1', [{ scheme: 'basic', params: { a: '1' } }]],
    ['Basic __proto__="x", constructor="y"', [{ scheme: 'basic', params: { ['__proto__']: 'x', constructor: 'y' } }]],
    ["!#$%&'*+-.^_`|~09aZ a=1", [{ scheme: "!#$%&'*+-.^_`|~09az", params: { a: '1' } }]],
    ['Negotiate oYG+/-._~aZ9=', [{ scheme: 'negotiate', token68: 'oYG+/-._~aZ9=', params: {} }]],
    ['Negotiate a', [{ scheme: 'negotiate', token68: 'a', params: {} }]],
    ['Negotiate a==== ,', [{ scheme: 'negotiate', token68: 'a====', params: {} }]],
  ])('%s', (value, challenges) => {
    expect(parse(value)).toEqual(challenges)
  })

  it('parameters have no prototype, so a name of one finds nothing', () => {
    expect(Object.getPrototypeOf(parseChallenges('Basic')[0]!.params)).toBeNull()
  })
})

describe('several challenges', () => {
  it.each([
    ['Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"', ['newauth', 'basic']],
    ['Negotiate, NTLM', ['negotiate', 'ntlm']],
    [',, Negotiate ,Basic realm="x",, Digest nonce="y",', ['negotiate', 'basic', 'digest']],
    ['Negotiate abc==, Basic realm="x"', ['negotiate', 'basic']],
    ['Basic realm="x", Negotiate abc=', ['basic', 'negotiate']],
    ['Digest nonce="a", Digest nonce="b"', ['digest', 'digest']],
  ])('%s', (value, schemes) => {
    expect(parse(value).map(({ scheme }) => scheme)).toEqual(schemes)
  })

  it('a parameter belongs to the scheme before it and to no other', () => {
    const [md5, sha] = parse(
      'Digest realm="r", nonce="a", algorithm=MD5, Digest realm="r", nonce="b", algorithm=SHA-256',
    )
    expect(md5!.params).toEqual({ realm: 'r', nonce: 'a', algorithm: 'MD5' })
    expect(sha!.params).toEqual({ realm: 'r', nonce: 'b', algorithm: 'SHA-256' })
  })

  it('several fields are one list', () => {
    const headers = new Headers([
      ['www-authenticate', 'Basic realm="a"'],
      ['www-authenticate', 'Negotiate'],
      ['www-authenticate', 'Bearer error="invalid_token"'],
    ])
    expect(parseChallenges(headers).map(({ scheme }) => scheme)).toEqual(['basic', 'negotiate', 'bearer'])
    expect(parseChallenges(new Response(null, { status: 401, headers })).length).toBe(3)
  })

  it('the field of a proxy is read when it is asked for', () => {
    const headers = { 'proxy-authenticate': 'Basic realm="p"' }
    expect(parseChallenges(new Response(null, { headers }))).toEqual([])
    expect(parseChallenges(new Response(null, { headers }), 'proxy-authenticate')).toHaveLength(1)
  })

  it.each([[''], [null], [undefined], [new Headers()], [new Response()], [' ,\t,']])('%s has none', (source) => {
    expect(parseChallenges(source)).toEqual([])
  })
})

describe('what can not be parsed is left out', () => {
  it.each([
    ['the second of a name', 'Basic realm="a", REALM="b"', [{ scheme: 'basic', params: { realm: 'a' } }]],
    ['a value with a space', 'Bearer error=a b, x=1', [{ scheme: 'bearer', params: { x: '1' } }]],
    [
      'a value that is no token',
      'Bearer x=1, uri=https://a.b, y=2',
      [{ scheme: 'bearer', params: { x: '1', y: '2' } }],
    ],
    ['a parameter without value', 'Bearer x=1, y=, z=3', [{ scheme: 'bearer', params: { x: '1', z: '3' } }]],
    ['what stands behind a quote', 'Bearer x="1"2, y="3" z="4,5", a=6', [{ scheme: 'bearer', params: { a: '6' } }]],
    ['a control character in quotes', 'Bearer x="a\u0000b,c", y=2', [{ scheme: 'bearer', params: { y: '2' } }]],
    ['a line break in quotes', 'Bearer x="a\r\nb", y=2', [{ scheme: 'bearer', params: { y: '2' } }]],
    ['an escaped control character', 'Bearer x="\\\u0001", y=2', [{ scheme: 'bearer', params: { y: '2' } }]],
    ['all from an open quote', 'Bearer x=1, realm="a, Basic realm=b', [{ scheme: 'bearer', params: { x: '1' } }]],
    ['an escape at the end', 'Bearer x=1, realm="a\\', [{ scheme: 'bearer', params: { x: '1' } }]],
    ['parameters before a scheme', 'realm="a", Basic', [{ scheme: 'basic', params: {} }]],
    [
      'parameters of a token68',
      'Negotiate ab=, c=d, Basic',
      [
        { scheme: 'negotiate', token68: 'ab=', params: {} },
        { scheme: 'basic', params: {} },
      ],
    ],
    ['garbage behind a scheme', 'Basic @@@, realm="a"', [{ scheme: 'basic', params: { realm: 'a' } }]],
    [
      'an unknown element and what follows',
      'Basic a=1, D(gest nonce="x", b=2, Bearer c=3',
      [
        { scheme: 'basic', params: { a: '1' } },
        { scheme: 'bearer', params: { c: '3' } },
      ],
    ],
    ['a quoted string alone', '"Basic a=1, b=2", c=3, Bearer', [{ scheme: 'bearer', params: {} }]],
    ['a name that is quoted', 'Basic "realm"="a"', [{ scheme: 'basic', params: {} }]],
  ])('%s: %s', (_title, value, challenges) => {
    expect(parse(value)).toEqual(challenges)
  })

  it('what the limit of 16 KiB cuts off, even in the middle of a value', () => {
    const before = `Basic realm="a", pad="${'x'.repeat(fieldLimit - 40)}"`
    const value = `${before}, token=${'y'.repeat(40)}, Bearer`
    expect(fieldLimit).toBe(16_384)
    expect(parseChallenges(value).map(({ scheme, params }) => [scheme, Object.keys(params)])).toEqual([
      ['basic', ['realm', 'pad']],
    ])
    expect(parseChallenges('x'.repeat(fieldLimit + 1))).toEqual([])
    expect(parseChallenges('x'.repeat(fieldLimit))).toHaveLength(1)
    expect(parseChallenges(`${' '.repeat(fieldLimit)}Basic`)).toEqual([])
  })
})

/** Text that is like a challenge, and then is not. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      'Basic',
      ' ',
      ',',
      '"',
      '\\',
      '=',
      'realm',
      'a=b',
      '\t',
      'x="',
      '",',
      '\u0000',
      '\u00ff',
      '(',
      '==',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  ),
  { maxLength: 60 },
)

describe('any text', () => {
  it('gives challenges that are well formed, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          pieces.map((all) => all.join('')),
        ),
        (text) => {
          for (const { scheme, params, token68 } of parseChallenges(text)) {
            expect(scheme).toMatch(/^[!#$%&'*+.^_`|~0-9a-z-]+$/)
            for (const [name, value] of Object.entries(params)) {
              expect(name).toMatch(/^[!#$%&'*+.^_`|~0-9a-z-]+$/)
              expect(/[^\t\P{Cc}]/u.exec(value.replaceAll(/[\u0080-\u009f]/g, ''))).toBeNull()
            }
            if (token68 !== undefined) expect(Object.keys(params)).toEqual([])
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('looks at no character more than eight times', () => {
    const seeds = [
      '"',
      '\\"',
      '"\\',
      'a="',
      ',',
      ' ',
      'a ',
      'a=',
      'a =',
      'a a',
      'a  ,',
      '=',
      'a="",',
      'a b=,',
      'a="\\',
      '\u0000',
    ]
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constantFrom(...seeds),
          pieces.map((all) => all.join('')),
        ),
        (piece) => {
          const text = piece.repeat(Math.ceil(4_096 / Math.max(1, piece.length))).slice(0, 4_096)
          const look = vi.spyOn(String.prototype, 'charCodeAt')
          try {
            parseChallenges(text)
            return look.mock.calls.length <= 8 * text.length + 8
          } finally {
            look.mockRestore()
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
