import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AuthOptions, bearer } from '../src/index.ts'
import { headersOf, pass } from './helpers.ts'

async function gets(url: string, options: AuthOptions): Promise<boolean> {
  const { sent, request } = await pass(bearer('t', options), url)
  const authorised = 'authorization' in headersOf(sent)
  if (!authorised) expect(sent).toBe(request)
  return authorised
}

describe('which origins a rule is for', () => {
  // The 16 pairs: a rule, a URL, and whether the credential goes there.
  it.each([
    ['http://example.com', 'http://example.com/?a=b', true],
    ['https://example.com', 'https://example.com/?a=b', true],
    ['http://example.com', 'http://example.com:80/', true],
    ['http://example.com:80', 'http://example.com/', true],
    ['https://example.com', 'https://example.com:443/', true],
    ['https://example.com:443', 'https://example.com/', true],
    ['http://example.com', 'http://test.com/', false],
    ['https://example.com', 'https://test.com/', false],
    ['http://example.com', 'https://example.com/', false],
    ['https://example.com', 'http://example.com/', false],
    ['http://example.com', 'http://www.example.com/', false],
    ['https://example.com', 'https://www.example.com/', false],
    ['http://example.com', 'http://example.com:81/', false],
    ['https://example.com', 'https://example.com:444/', false],
    ['https://example.com:443', 'http://example.com:443/', false],
    ['http://example.com:80', 'https://example.com:80/', false],
  ])('%s, %s: %s', async (origins, url, expected) => {
    expect(await gets(url, { origins, insecure: 'always' })).toBe(expected)
  })

  it.each([
    ['https://API.Example.COM', 'https://api.example.com/'],
    ['https://api.example.com', 'HTTPS://API.EXAMPLE.COM/videos'],
    ['https://api.example.com/', 'https://api.example.com'],
    ['https://bücher.example', 'https://xn--bcher-kva.example/'],
    ['https://xn--bcher-kva.example', 'https://BÜCHER.example/'],
    ['https://api.example.com', 'https:\\\\api.example.com\\videos'],
    ['https://api.example.com', 'https://api.exa\tmple.com/'],
    ['https://api.example.com', 'https://api.example.com?page=2'],
    ['https://api.example.com', 'https://api.example.com#top'],
    ['https://[2001:DB8::0:1]:8443', 'https://[2001:db8::1]:8443/'],
    ['https://10.1', 'https://10.0.0.1/'],
  ])('%s is for %j', async (origins, url) => {
    expect(await gets(url, { origins })).toBe(true)
  })

  it.each([
    'https://api.example.com.evil.example/',
    'https://api.example.com@evil.example/',
    'https://api.example.com:443@evil.example/',
    'https://evil.example\\@api.example.com/',
    'https://evil.example/@api.example.com/',
    'https://evil.example?https://api.example.com/',
    'https://evil.example#https://api.example.com/',
    'https:\\\\evil.example\\https://api.example.com/',
    'https:/\t/evil.example/https://api.example.com/',
    'https://api.example.com\n.evil.example/',
    'https://api.example.com\t@evil.example/',
    'https://api.example.com%2eevil.example/',
    'https://api.example.com./',
    'https://xapi.example.com/',
    'https://api-example.com/',
    'https://example.com/',
    'https://a.api.example.com/',
    'https://аpi.example.com/',
    'https://api.example.com:8443/',
    'http://api.example.com/',
    'ws://api.example.com/',
    'data:,https://api.example.com/',
  ])('https://api.example.com is not for %j', async (url) => {
    expect(await gets(url, { origins: 'https://api.example.com' })).toBe(false)
  })

  it('any of several rules is enough, as text or URL', async () => {
    const options: AuthOptions = { origins: ['https://a.example', new URL('https://b.example:8443')] }
    expect(await gets('https://a.example/', options)).toBe(true)
    expect(await gets('https://b.example:8443/', options)).toBe(true)
    expect(await gets('https://b.example/', options)).toBe(false)
  })
})

describe('a star stands for exactly one label on the left', () => {
  const origins = 'https://*.example.com'
  it.each([
    ['https://a.example.com/', true],
    ['https://A.EXAMPLE.com:443/', true],
    ['https://xn--bcher-kva.example.com/', true],
    ['https://example.com/', false],
    ['https://.example.com/', false],
    ['https://a.b.example.com/', false],
    ['https://aexample.com/', false],
    ['https://a.example.com.evil.example/', false],
    ['https://evil.example/.example.com', false],
    ['https://a.example.com@evil.example/', false],
    ['https://a.example.com:8443/', false],
    ['https://a.example.com./', false],
    ['http://a.example.com/', false],
  ])('%s: %s', async (url, expected) => {
    expect(await gets(url, { origins })).toBe(expected)
  })

  it('with its port', async () => {
    expect(await gets('https://a.example.com:8443/', { origins: 'https://*.example.com:8443' })).toBe(true)
    expect(await gets('https://a.example.com/', { origins: 'https://*.example.com:8443' })).toBe(false)
  })

  it('under localhost too', async () => {
    const options: AuthOptions = { origins: 'http://*.localhost:3000' }
    expect(await gets('http://tenant.localhost:3000/', options)).toBe(true)
    expect(await gets('http://localhost:3000/', options)).toBe(false)
  })
})

describe('rules that are refused', () => {
  it.each([
    ['nothing', undefined],
    ['an empty list', []],
    ['an empty text', ''],
    ['a star alone', '*'],
    ['a star for the host', 'https://*'],
    ['a star for all of a top-level domain', 'https://*.com'],
    ['a star for all of a top-level domain, with a root dot', 'https://*.com.'],
    ['a star for all of a top-level domain, with a port', 'https://*.com:8443'],
    ['a star in the middle', 'https://api.*.com'],
    ['two stars', 'https://*.*.example.com'],
    ['a part of a label', 'https://api-*.example.com'],
    ['a star for the port', 'https://api.example.com:*'],
    ['a star that is escaped', 'https://%2a.example.com'],
    ['a host without a scheme', 'api.example.com'],
    ['another scheme', 'ftp://api.example.com'],
    ['a path', 'https://api.example.com/v1'],
    ['a URL with a path', new URL('https://api.example.com/v1')],
    ['a query', 'https://api.example.com?a=b'],
    ['a fragment', 'https://api.example.com#a'],
    ['a user name', 'https://me@api.example.com'],
    ['a backslash', 'https:\\\\api.example.com'],
    ['a space', 'https://api.example.com '],
    ['a line break', 'https://api.example\n.com'],
    ['a port out of range', 'https://api.example.com:70000'],
    ['a number', 5],
    ['null', null],
  ])('%s', (_, rule) => {
    const origins = rule as string
    expect(() => bearer('t', { origins })).toThrow(/^bearer: origins must be like 'https:\/\/api\.example\.com'/)
    if (!Array.isArray(rule)) {
      expect(() => bearer('t', { origins: ['https://ok.example', origins] })).toThrow(/origins must be/)
    }
  })

  it('without showing a password or a query value', () => {
    const secrets = () => bearer('t', { origins: 'https://me:s3cret@api.example.com/?key=s3cret' })
    expect(secrets).toThrow('got "https://api.example.com/?key=…"')
    expect(secrets).not.toThrow(/s3cret/)
  })

  it('when the options are missing as a whole', () => {
    expect(() => bearer('t', undefined as unknown as AuthOptions)).toThrow(/origins must be/)
  })
})

describe('plain http', () => {
  const local = [
    'http://localhost',
    'http://localhost:3000',
    'http://LOCALHOST:80',
    'http://api.localhost:3000',
    'http://127.0.0.1:3000',
    'http://127.1.2.3',
    'http://127.1',
    'http://2130706433',
    'http://[::1]:3000',
    'http://[0:0:0:0:0:0:0:1]',
  ]
  const remote = [
    'http://api.example.com',
    'http://localhost.example.com',
    'http://localhost.',
    'http://notlocalhost',
    'http://127.0.0.1.example.com',
    'http://128.0.0.1',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://[::]',
    'http://[::1:1]',
    'http://*.example.com',
  ]

  it.each(local)('%s is allowed by default, and refused by never', (origins) => {
    expect(() => bearer('t', { origins })).not.toThrow()
    expect(() => bearer('t', { origins, insecure: 'loopback' })).not.toThrow()
    expect(() => bearer('t', { origins, insecure: 'never' })).toThrow(/origins must be/)
  })

  it.each(remote)('%s is refused by default, and allowed by always', (origins) => {
    expect(() => bearer('t', { origins })).toThrow(/http only where "insecure" allows it/)
    expect(() => bearer('t', { origins, insecure: 'always' })).not.toThrow()
  })

  it('https is allowed by all', () => {
    for (const insecure of ['never', 'loopback', 'always'] as const) {
      expect(() => bearer('t', { origins: ['https://localhost', 'https://api.example.com'], insecure })).not.toThrow()
    }
  })
})

describe('hostile URLs', () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,8}$/)
  const trick = fc.constantFrom(
    '@',
    '\\',
    '/',
    '//',
    ':',
    '?',
    '#',
    '.',
    '\t',
    '\n',
    '%2e',
    '%40',
    '。',
    '＠',
    '*',
    ' ',
    '',
  )
  const scheme = fc.constantFrom('https://', 'http://', 'HTTPS://', 'https:/', 'https:', 'https:\\\\', 'https:\t//')
  const host = fc.oneof(
    label,
    fc.constantFrom(
      'api.example.com',
      'API.example.COM',
      'example.com',
      'evil.example',
      '.example.com',
      ':443',
      ':8443',
    ),
  )
  const url = fc
    .tuple(scheme, fc.array(fc.oneof(host, trick), { minLength: 1, maxLength: 8 }))
    .map(([scheme, parts]) => scheme + parts.join(''))

  /** What the platform makes of the URL, from its parsed fields alone. */
  function expected(text: string, test: (host: string) => boolean): boolean | 'invalid' | 'userinfo' {
    if (!URL.canParse(text)) return 'invalid'
    const { protocol, hostname, port, username, password } = new URL(text)
    if (protocol !== 'https:' || port !== '' || !test(hostname)) return false
    // An empty user name is refused too: nobody writes one without a purpose.
    const [authority] = text
      .replaceAll(/[\t\n\r]/g, '')
      .replace(/^https:[\\/]*/i, '')
      .split(/[\\/?#]/)
    return username === '' && password === '' && !authority!.includes('@') ? true : 'userinfo'
  }

  async function actual(text: string, origins: string): Promise<boolean | 'invalid' | 'userinfo'> {
    try {
      return await gets(text, { origins })
    } catch (error) {
      const { code } = error as { code: string }
      return code === 'FETCHSTACK_AUTH_USERINFO' ? 'userinfo' : code === 'FETCHSTACK_INVALID_URL' ? 'invalid' : false
    }
  }

  it('get the credential only where a URL parser says that they are for the very origin', async () => {
    await fc.assert(
      fc.asyncProperty(url, async (text) => {
        const wanted = expected(text, (host) => host === 'api.example.com')
        expect(await actual(text, 'https://api.example.com')).toBe(wanted)
      }),
      { numRuns: 3000 },
    )
  })

  it('get the credential of a rule with a star only for one more label', async () => {
    await fc.assert(
      fc.asyncProperty(url, async (text) => {
        const wanted = expected(
          text,
          (host) => host.split('.').length === 3 && host.endsWith('.example.com') && !host.startsWith('.'),
        )
        expect(await actual(text, 'https://*.example.com')).toBe(wanted)
      }),
      { numRuns: 3000 },
    )
  })
})
