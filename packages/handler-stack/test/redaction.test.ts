import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HttpRequest, redactUrl } from '../src/index.ts'

describe('redactUrl', () => {
  test.each([
    ['https://api.example.com/videos', 'https://api.example.com/videos'],
    ['https://api.example.com/videos?page=2&key=s3cret', 'https://api.example.com/videos?page=…&key=…'],
    ['https://api.example.com/videos?flag', 'https://api.example.com/videos?flag'],
    ['https://api.example.com/videos?a=b=c', 'https://api.example.com/videos?a=…'],
    ['https://api.example.com/videos?a=\ns3cret', 'https://api.example.com/videos?a=…'],
    ['https://api.example.com/videos?q=what?', 'https://api.example.com/videos?q=…'],
    ['https://api.example.com/#access_token=s3cret', 'https://api.example.com/'],
    ['https://api.example.com/?a=1#s3cret?b=s3cret', 'https://api.example.com/?a=…'],
    ['https://me:s3cret@api.example.com/', 'https://api.example.com/'],
    ['https://s3cret@api.example.com/', 'https://api.example.com/'],
    ['https://me:s3@cret@api.example.com/', 'https://api.example.com/'],
    ['https:me:s3cret@api.example.com/', 'https:api.example.com/'],
    ['https:\\\\me:s3cret@api.example.com/', 'https:\\\\api.example.com/'],
    ['//me:s3cret@api.example.com/', '//api.example.com/'],
    [' ht\ttps:/\t/me:s3cret@api.example.com/', ' ht\ttps:/\t/api.example.com/'],
    ['https://api.example.com/@me', 'https://api.example.com/@me'],
    ['https://api.example.com/a?mail=me@example.com', 'https://api.example.com/a?mail=…'],
    ['/videos?key=s3cret', '/videos?key=…'],
    ['', ''],
  ])('makes %j into %j', (url, expected) => {
    expect(redactUrl(url)).toBe(expected)
  })

  test('shows neither user name nor password nor fragment of anything that parses as a URL', () => {
    const secret = 'QXZJ'
    const noise = fc.array(fc.constantFrom('/', '\\', ':', '@', '?', '#', '\t', '\n', ' ', '.', 'a', '%40', '=', '&'), {
      maxLength: 4,
    })
    const slashes = fc.constantFrom('//', '', '/', '\\', '/\t/', '\n//')
    const part = noise.map((characters) => characters.join(''))
    const url = fc.tuple(
      fc.constantFrom('http:', 'https:', 'HT\tTP:', ' https:', 'ws:'),
      slashes,
      part,
      part,
      part,
      part,
    )
    fc.assert(
      fc.property(url, ([scheme, slash, a, b, c, d]) => {
        const text = `${scheme}${slash}${a}${secret}${b}@${c}host.example/${d}`
        const { username, password, hash } = URL.parse(text) ?? { username: '', password: '', hash: '' }
        fc.pre([username, password, hash].some((hidden) => hidden.includes(secret)))
        expect(redactUrl(text)).not.toContain(secret)
      }),
      { numRuns: 5_000 },
    )
  })

  test('makes of any text one that is not longer but for its marks, and is the same when it is redacted again', () => {
    const piece = fc.constantFrom('/', '\\', ':', '@', '?', '#', '\t', ' ', '=', '&', 'a', 'https://', '\ud800', '…')
    const near = fc.array(piece).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(fc.oneof(near, fc.string({ unit: 'binary' })), (text) => {
        const shown = redactUrl(text)
        expect(shown).not.toContain('#')
        expect(shown.replaceAll('…', '').length).toBeLessThanOrEqual(text.length)
        expect(shown.split('?').slice(1).join('?')).not.toMatch(/=[^…]/)
        expect(redactUrl(shown).length).toBeLessThanOrEqual(shown.length)
      }),
      { numRuns: 1000 },
    )
  })

  test('stays fast on long text that is no URL', () => {
    const long = 100_000
    for (const text of ['a'.repeat(long), ' '.repeat(long), '='.repeat(long), '?'.repeat(long), ':/'.repeat(long)]) {
      expect(redactUrl(text).length).toBeLessThanOrEqual(2 * long)
    }
  })
})

describe('a request that is printed', () => {
  const request = HttpRequest.from('https://me:s3cret@api.example.com/videos?key=s3cret#s3cret', {
    method: 'POST',
    headers: { authorization: 'Bearer s3cret', cookie: 's3cret' },
    body: 's3cret',
  })
  const source = HttpRequest.from(
    new Request('https://api.example.com/videos?key=s3cret', { headers: { authorization: 'Bearer s3cret' } }),
  )

  test.each([
    ['toString', String],
    ['a template', (one: HttpRequest) => `${one}`],
    ['JSON.stringify', (one: HttpRequest) => JSON.stringify({ one })],
    ['util.inspect', (one: HttpRequest) => inspect(one)],
    ['util.inspect of what holds it', (one: HttpRequest) => inspect({ deep: [one] }, { depth: 9 })],
    ['util.inspect with hidden fields', (one: HttpRequest) => inspect(one, { showHidden: true, depth: 9 })],
  ])('shows method and URL and no secret by %s', (_, print) => {
    expect(print(request)).toContain('[POST] https://api.example.com/videos?key=…')
    expect(print(source)).toContain('[GET] https://api.example.com/videos?key=…')
    expect(print(request) + print(source)).not.toContain('s3cret')
  })
})
