import { HandlerStack } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import { mockHandler } from '@fetchstack/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BaseUrlError, type BaseUrlOptions, withBaseUrl } from '../src/index.ts'

const base = 'https://api.example.com/v1/'

/** Where a reference leads. */
async function target(
  reference: string | URL | Request,
  root: string | URL = base,
  options?: BaseUrlOptions,
): Promise<string> {
  const mock = mockHandler([200])
  await withBaseUrl(HandlerStack.create(mock).toFetch(), root, options)(reference)
  return mock.last!.request.url
}

describe('withBaseUrl', () => {
  // The table of Guzzle's documentation of base_uri.
  test.each([
    ['http://foo.com', '/bar', 'http://foo.com/bar'],
    ['http://foo.com/foo', '/bar', 'http://foo.com/bar'],
    ['http://foo.com/foo', 'bar', 'http://foo.com/bar'],
    ['http://foo.com/foo/', 'bar', 'http://foo.com/foo/bar'],
    ['http://foo.com/foo/', '', 'http://foo.com/foo/'],
    [base, '?page=2', 'https://api.example.com/v1/?page=2'],
    [base, 'a/../b', 'https://api.example.com/v1/b'],
    [base, 'https://api.example.com/other', 'https://api.example.com/other'],
    [base, 'a:b', 'a:b'],
  ])('%s and %s is %s', async (root, reference, expected) => {
    const options: BaseUrlOptions = expected === 'a:b' ? { otherOrigins: 'follow' } : {}
    expect(await target(reference, root, options)).toBe(expected)
  })

  test.each([
    'https://evil.example/',
    'http://api.example.com/v1/',
    'https://api.example.com:8443/',
    '//evil.example/a',
    '/\\evil.example/a',
    '\\\\evil.example\\a',
    '/\t/evil.example/a',
    '/\n/evil.example/a',
    ' //evil.example/a',
    'https:evil.example',
    'https:\\\\evil.example',
    'javascript:alert(1)',
    'data:text/plain,hello',
    'file:///etc/passwd',
    'blob:https://api.example.com/id',
  ])('a reference to another origin is refused, however it is written: %j', async (reference) => {
    const mock = mockHandler([200])
    const api = withBaseUrl(HandlerStack.create(mock).toFetch(), base)
    const url = URL.canParse(reference, base) ? new URL(reference, base) : undefined
    // Some of the spellings stay at home: then they must arrive there.
    if (url?.origin === 'https://api.example.com' && url.protocol === 'https:') {
      await api(reference)
      expect(mock.last!.request.url).toMatch(/^https:\/\/api\.example\.com\//)
    } else {
      await expect(api(reference)).rejects.toThrow(BaseUrlError)
      expect(mock.count).toBe(0)
    }
  })

  test('no text at all leads to another origin', async () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '..',
      ':',
      '@',
      '?',
      '#',
      'https',
      'evil.example',
      '\t',
      '%2f',
      ' ',
      'a',
      '.',
      '[',
      ']',
    )
    const references = fc.oneof(
      fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 20 }),
    )
    await fc.assert(
      fc.asyncProperty(references, async (reference) => {
        const mock = mockHandler([200])
        await withBaseUrl(
          HandlerStack.create(mock).toFetch(),
          base,
        )(reference).catch((error: unknown) => {
          expect(error).toBeInstanceOf(BaseUrlError)
        })
        if (mock.count > 0) expect(new URL(mock.last!.request.url).origin).toBe('https://api.example.com')
      }),
    )
  })

  test('with otherOrigins "follow" it goes where it leads', async () => {
    expect(await target('https://cdn.example/a', base, { otherOrigins: 'follow' })).toBe('https://cdn.example/a')
  })

  test.each(['/admin', '../admin', '..', '%2e%2e/admin', '/v1'])(
    'with outside "error" %s above the base is refused',
    async (reference) => {
      await expect(target(reference, base, { outside: 'error' })).rejects.toThrow(/is outside of the base/)
    },
  )

  test('with outside "error" what stays below goes through', async () => {
    expect(await target('a/../b', base, { outside: 'error' })).toBe('https://api.example.com/v1/b')
    expect(await target('/v1/c', base, { outside: 'error' })).toBe('https://api.example.com/v1/c')
  })

  test('a Request keeps its URL, its object and its body, and is checked', async () => {
    const mock = mockHandler([200])
    const api = withBaseUrl(HandlerStack.create(mock).toFetch(), base)
    const request = new Request('https://api.example.com/a', { method: 'POST', body: 'data' })
    await api(request)
    expect(mock.last!.request.source).toBe(request)
    await expect(api(new Request('https://evil.example/'))).rejects.toThrow(BaseUrlError)
  })

  test('passes init on as it is, and what hangs on the fetch', async () => {
    const seen: unknown[] = []
    const bare = Object.assign(async (...args: unknown[]) => (seen.push(args), new Response()), { preconnect: 'kept' })
    const init = { method: 'PUT' }
    const api = withBaseUrl(bare, new URL(base))
    await api('a', init)
    expect(seen).toEqual([['https://api.example.com/v1/a', init]])
    expect((seen[0] as unknown[])[1]).toBe(init)
    expect(api.preconnect).toBe('kept')
  })

  test('an error shows no secret, and what can not be resolved is one', async () => {
    const failed = await target('https://me:pw@evil.example/?key=s3cret').catch((error: unknown) => error)
    expect(failed).toMatchObject({ name: 'BaseUrlError', code: 'FETCHSTACK_BASE_URL' })
    expect(String(failed)).not.toMatch(/pw|s3cret/)
    await expect(target('http://[')).rejects.toThrow(/can't be resolved/)
  })

  test.each<[unknown, unknown, string]>([
    ['/v1', {}, 'base must be like'],
    ['ftp://a.example/', {}, 'base must be like'],
    ['https://me:pw@a.example/', {}, 'base must be like'],
    ['https://a.example/?a=1', {}, 'base must be like'],
    ['https://a.example/#a', {}, 'base must be like'],
    [undefined, {}, 'base must be like'],
    [base, { otherOrigin: 'follow' }, 'otherOrigins'],
    [base, { otherOrigins: 'yes' }, 'otherOrigins'],
    [base, { outside: true }, 'outside'],
  ])('refuses the base %o with %o', (root, options, message) => {
    expect(() => withBaseUrl(fetch, root as string, options as BaseUrlOptions)).toThrow(OptionError)
    expect(() => withBaseUrl(fetch, root as string, options as BaseUrlOptions)).toThrow(message)
    expect(() => withBaseUrl(fetch, root as string, options as BaseUrlOptions)).not.toThrow(/pw/)
  })
})
