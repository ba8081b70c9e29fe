import { parseChallenges } from '@fetchstack/www-authenticate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DigestChallenge, type Rules, strongest, targetOf } from '../src/challenge.ts'
import { credentialsOf, type Ingredients } from '../src/credentials.ts'
import { hashBy } from './digest-server.ts'

const all: Rules = { allowMd5: true, allowLegacy: true, integrity: true }
const url = 'http://www.example.org/dir/index.html'

function challengeOf(text: string, rules = all): DigestChallenge {
  return strongest(parseChallenges(text), rules, url).best!
}

/** The parameters of the credentials, as every server reads them. */
function paramsOf(challenge: DigestChallenge, changes: Partial<Ingredients> = {}): Readonly<Record<string, string>> {
  const { header } = credentialsOf(ingredients(challenge, changes))
  const parsed = parseChallenges(header)
  expect(parsed).toHaveLength(1)
  expect(parsed[0]!.scheme).toBe('digest')
  return parsed[0]!.params
}

function ingredients(challenge: DigestChallenge, changes: Partial<Ingredients> = {}): Ingredients {
  const { nonce = challenge.nonce, cnonce = 'c' } = changes
  return {
    challenge,
    user: 'Mufasa',
    password: 'Circle of Life',
    method: 'GET',
    uri: '/dir/index.html',
    qop: challenge.qops[0],
    nonce,
    cnonce,
    count: 1,
    start: { nonce, cnonce },
    ...changes,
  }
}

const header = `Digest
  realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256,
  nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
Digest
  realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5,
  nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
const [sha256, md5] = header.replaceAll(/\s*\n\s+/g, ' ').split(',\nDigest')
const rfc7616 = { sha256: sha256!, md5: `Digest${md5!}` }
const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'

describe('the examples of the RFCs', () => {
  it.each([
    ['sha256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
    ['md5', '8ca523f5e9506fed4657c9700eebdbec'],
  ] as const)('RFC 7616 §3.9.1, %s', (name, response) => {
    const challenge = challengeOf(rfc7616[name])
    expect(paramsOf(challenge, { cnonce })).toEqual({
      username: 'Mufasa',
      realm: 'http-auth@example.org',
      uri: '/dir/index.html',
      algorithm: name === 'md5' ? 'MD5' : 'SHA-256',
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      nc: '00000001',
      cnonce,
      qop: 'auth',
      response,
      opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
    })
  })

  it('RFC 7616 §3.9.1: of the two challenges together, the stronger one is taken', () => {
    for (const together of [`${rfc7616.sha256}, ${rfc7616.md5}`, `${rfc7616.md5}, ${rfc7616.sha256}`]) {
      expect(challengeOf(together).algorithm.name).toBe('SHA-256')
    }
  })

  const rfc2617 = 'realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'

  it('RFC 2617 §3.5, which names no algorithm', () => {
    const challenge = challengeOf(`Digest ${rfc2617}, qop="auth,auth-int", opaque="5ccc069c403ebaf9f0171e9517f40e41"`)
    const params = paramsOf(challenge, { password: 'Circle Of Life', cnonce: '0a4f113b' })
    expect(params).toMatchObject({ response: '6629fae49393a05397450978507c4ef1' })
    expect(params).not.toHaveProperty('algorithm')
  })

  it('RFC 2069, without qop: no cnonce and no nc', () => {
    const params = paramsOf(challengeOf(`Digest ${rfc2617}`), { password: 'Circle Of Life' })
    expect(params).toMatchObject({ response: '670fd8c2df070c60b045671b8b24ff02' })
    for (const name of ['qop', 'nc', 'cnonce']) expect(params).not.toHaveProperty(name)
  })
})

describe('what is written', () => {
  const plain = 'Digest realm="r", nonce="n", qop="auth"'

  it('quotes and does not quote as RFC 7616 §3.4 wants it', () => {
    const challenge = challengeOf(`${plain}, algorithm=sha-256, opaque="o", userhash=true`)
    const { header } = credentialsOf(ingredients(challenge, { count: 0x1f }))
    expect(header).toMatch(
      /^Digest username="[\da-f]{64}", realm="r", nonce="n", uri="\/dir\/index.html", algorithm=sha-256, response="[\da-f]{64}", opaque="o", qop=auth, nc=0000001f, cnonce="c", userhash=true$/,
    )
  })

  it('a name with a quote and a backslash is escaped, and hashed as it is', () => {
    const user = 'a"b\\c'
    const { header } = credentialsOf(ingredients(challengeOf(`${plain}, algorithm=SHA-256`), { user }))
    expect(header).toContain('username="a\\"b\\\\c"')
    const hash = hashBy('SHA-256')
    const proof = hash(`${hash(`${user}:r:Circle of Life`)}:n:00000001:c:auth:${hash('GET:/dir/index.html')}`)
    expect(header).toContain(`response="${proof}"`)
  })

  it.each([
    ['SHA-256', ', algorithm=SHA-256', "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe"],
    ['MD5 and a charset', ', charset="utf-8"', "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe"],
    ['MD5 alone, as curl and browsers do it', '', 'username="J\u00C3\u00A4s\u00C3\u00B8n Doe"'],
  ])('a name that is not ASCII, %s', (_, more, expected) => {
    const composed = credentialsOf(ingredients(challengeOf(plain + more), { user: 'J\u00E4s\u00F8n Doe' })).header
    expect(composed).toContain(`Digest ${expected}, `)
    // However it was typed.
    const decomposed = credentialsOf(ingredients(challengeOf(plain + more), { user: 'Ja\u0308s\u00F8n Doe' })).header
    expect(decomposed).toBe(composed)
  })

  it('a name that is hashed is hashed in UTF-8', () => {
    const challenge = challengeOf(`${plain}, algorithm=SHA-512-256, charset=UTF-8, userhash=true`)
    expect(paramsOf(challenge, { user: 'J\u00E4s\u00F8n Doe' })).toMatchObject({
      username: hashBy('SHA-512-256')('J\u00E4s\u00F8n Doe:r'),
      userhash: 'true',
    })
  })

  it('the key of a session stays when its nonce changes', () => {
    const challenge = challengeOf(`${plain}, algorithm=SHA-256-sess`)
    const hash = hashBy('SHA-256')
    const start = { nonce: 'n', cnonce: 'c' }
    const { response } = paramsOf(challenge, { nonce: 'later', cnonce: 'd', count: 7, start })
    const key = hash(`${hash('Mufasa:r:Circle of Life')}:n:c`)
    expect(response).toBe(hash(`${key}:later:00000007:d:auth:${hash('GET:/dir/index.html')}`))
  })

  const byte = fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f)
  const bytes = fc.array(byte, { maxLength: 30 }).map((codes) => String.fromCharCode(...codes))
  const text = fc.string({ unit: 'grapheme' }).filter((text) => !/[:\p{Cc}]/u.test(text))
  const names = fc.constantFrom('MD5', 'sha-256', 'SHA-512-256', 'MD5-sess', 'SHA-256-SESS', 'SHA-512-256-sess')

  it('any server reads back what was meant, whatever the values are', () => {
    fc.assert(
      fc.property(
        fc.record({ realm: bytes, nonce: bytes, opaque: bytes, user: text, password: text, cnonce: bytes }),
        fc.record({
          name: names,
          userhash: fc.boolean(),
          utf8: fc.boolean(),
          qop: fc.constantFrom('auth', 'auth-int'),
        }),
        fc.uint8Array(),
        ({ realm, nonce, opaque, user, password, cnonce }, { name, userhash, utf8, qop }, body) => {
          const { algorithm } = challengeOf(`Digest realm="r", nonce="n", qop="auth", algorithm=${name}`)
          const challenge = { realm, nonce, opaque, algorithm, utf8, userhash, qops: [], stale: false, paths: [''] }
          const uri = '/a?b="\\'
          const given = paramsOf(challenge, { user, password, cnonce, qop: qop as 'auth', body, uri, count: 0xabc })
          expect(given).toMatchObject({ realm, nonce, opaque, uri, algorithm: name, qop, nc: '00000abc', cnonce })
          const hash = hashBy(name)
          const raw = (text: string) => Buffer.from(text, 'latin1')
          const composed = user.normalize()
          const star = given['username*']
          if (userhash) expect(given['username']).toBe(hash(Buffer.concat([Buffer.from(`${composed}:`), raw(realm)])))
          else if (star !== undefined) expect(decodeURIComponent(star.replace(/^UTF-8''/, ''))).toBe(composed)
          else expect(raw(given['username']!).toString('utf8')).toBe(composed)
          const secret = [Buffer.from(`${composed}:`), raw(realm), Buffer.from(`:${password.normalize()}`)]
          let key = hash(Buffer.concat(secret))
          if (algorithm.sess) key = hash(raw(`${key}:${nonce}:${cnonce}`))
          const a2 = hash(raw(`GET:${uri}${qop === 'auth-int' ? `:${hash(body)}` : ''}`))
          expect(given['response']).toBe(hash(raw(`${key}:${nonce}:00000abc:${cnonce}:${qop}:${a2}`)))
        },
      ),
    )
  })

  it("nothing that a server says breaks the line, or can't be sent", () => {
    const value = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/["\\]/g, '\\$&'))
    fc.assert(
      fc.property(value, value, value, (realm, nonce, opaque) => {
        const text = `Digest algorithm=SHA-256, qop=auth, realm="${realm}", nonce="${nonce}", opaque="${opaque}"`
        const { best } = strongest(parseChallenges(text), all, url)
        if (best === undefined || /[^\0-\u00FF]/.test(text)) return
        const { header } = credentialsOf(ingredients(best))
        expect(new Headers({ authorization: header }).get('authorization')).toBe(header)
        expect(header).not.toMatch(/[\0\r\n]/)
      }),
    )
  })
})

describe('the challenge', () => {
  const make = (...params: string[]) => params.map((param) => `Digest ${param}`).join(', ')
  const of = (name: string, realm = name) => `realm="${realm}", nonce="${name}", qop="auth", algorithm=${name}`
  const pick = (text: string, rules: Partial<Rules> = {}) =>
    strongest(parseChallenges(text), { allowMd5: false, allowLegacy: false, integrity: true, ...rules }, url)

  it('the strongest is taken as a whole: no parameter comes from another', () => {
    const names = ['MD5', 'SHA-256', 'SHA-512-256', 'x-unknown']
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 1 }), (some) => {
        const { best } = pick(make(...some.map((name) => of(name))), { allowMd5: true })
        const expected = ['SHA-512-256', 'SHA-256', 'MD5'].find((name) => some.includes(name))
        expect([best?.realm, best?.nonce, best?.algorithm.name]).toEqual([expected, expected, expected])
      }),
    )
  })

  it('of equals the first is taken', () => {
    expect(pick(make(of('SHA-256-sess'), of('SHA-256'))).best?.realm).toBe('SHA-256-sess')
  })

  it.each([
    ['MD5', of('MD5'), {}, 'MD5, without allowMd5'],
    ['MD5-sess', of('MD5-sess'), {}, 'MD5, without allowMd5'],
    ['no algorithm, which is MD5', 'realm="r", nonce="n", qop="auth"', {}, 'MD5, without allowMd5'],
    ['an unknown algorithm', of('SHA-1'), {}, 'an unknown algorithm'],
    ['a name that objects have', of('constructor'), {}, 'an unknown algorithm'],
    ['no nonce', 'realm="r", qop="auth", algorithm=SHA-256', {}, 'no realm or no nonce'],
    ['no realm', 'nonce="n", qop="auth", algorithm=SHA-256', {}, 'no realm or no nonce'],
    ['no qop', 'realm="r", nonce="n", algorithm=SHA-256', {}, 'no qop, without allowLegacy'],
    [
      'no qop, with a session',
      'realm="r", nonce="n", algorithm=MD5-sess',
      { allowMd5: true, allowLegacy: true },
      'no qop, without allowLegacy',
    ],
    ['an unknown qop', 'realm="r", nonce="n", algorithm=SHA-256, qop="auth-conf"', {}, 'an unknown qop'],
    [
      'auth-int alone',
      'realm="r", nonce="n", algorithm=SHA-256, qop=auth-int',
      { integrity: false },
      'auth-int, without integrity',
    ],
  ])('%s is not answered', (_, params, rules, reason) => {
    expect(pick(make(params), rules)).toEqual({ best: undefined, refused: [reason] })
  })

  it.each(['Basic realm="r"', 'Negotiate', 'Bearer nonce="n", realm="r", qop=auth, algorithm=SHA-256', ''])(
    'another scheme is none of ours: %j',
    (text) => expect(pick(text)).toEqual({ best: undefined, refused: [] }),
  )

  it('names have no case, and neither have stale and userhash', () => {
    const text = 'DIGEST REALM="r", Nonce="n", QOP="AUTH-INT,Auth", algorithm=sHa-256, STALE=TRUE, userhash="True"'
    expect(pick(text).best).toMatchObject({ qops: ['auth', 'auth-int'], stale: true, userhash: true })
  })

  it('a nonce may end in =, and have whatever is quoted', () => {
    expect(pick('Digest realm="a, b=\\"c\\"", nonce="abc==", qop="auth", algorithm=SHA-256').best).toMatchObject({
      realm: 'a, b="c"',
      nonce: 'abc==',
    })
  })

  it.each([
    ['/private/ /x?y', ['/private/', '/x?y']],
    ['http://www.example.org/a http://other.example/b', ['/a']],
    ['sub', ['/dir/sub']],
    ['http://other.example/b', ['']],
    ['http://[', ['']],
    ['', ['']],
  ])('domain %j is of this server', (domain, paths) => {
    expect(pick(make(`${of('SHA-256')}, domain="${domain}"`)).best?.paths).toEqual(paths)
  })
})

describe('a challenge that means harm', () => {
  it('never throws, whatever it says', () => {
    const words = [
      'Digest ',
      'realm=',
      'nonce=',
      'qop=',
      'domain=',
      'algorithm=',
      '"',
      ', ',
      'SHA-256',
      'auth',
      '/',
      ' ',
    ]
    const part = fc.oneof(fc.constantFrom(...words), fc.string())
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const { best } = strongest(parseChallenges(parts.join('')), all, url)
        if (best !== undefined) credentialsOf(ingredients(best))
      }),
    )
    fc.assert(
      fc.property(fc.webUrl(), fc.string(), (one, two) => {
        const params = { realm: 'r', nonce: 'n', qop: 'auth', algorithm: 'SHA-256', domain: `${one} ${two} //[ data:x` }
        expect(strongest([{ scheme: 'digest', params }], all, url).best?.paths.length).toBeGreaterThan(0)
      }),
    )
  })

  it('has no more than 50 paths', () => {
    const domain = Array.from({ length: 5000 }, (_, index) => `/${index}`).join(' ')
    const params = { realm: 'r', nonce: 'n', qop: 'auth', algorithm: 'SHA-256', domain }
    expect(strongest([{ scheme: 'digest', params }], all, url).best?.paths).toHaveLength(50)
  })
})

describe('the uri', () => {
  it.each([
    ['http://a.example', '/'],
    ['http://a.example?', '/?'],
    ['http://a.example/b?#c', '/b?'],
    ['http://a.example/b#?c', '/b'],
    ['HTTP://A.example:80/\u00E4 b?\u00FC="#x', '/%C3%A4%20b?%C3%BC=%22'],
    ['http://a.example/a/../b', '/b'],
    ['http://a.example/?a\\b', '/?a\\b'],
  ])('%s is %s', (url, uri) => expect(targetOf(url)).toBe(uri))
})
