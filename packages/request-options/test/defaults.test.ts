import { type AnyStack, HandlerStack } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import { type MockHandler, mockHandler } from '@fetchstack/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultHeaders, query } from '../src/index.ts'

const url = 'https://api.example.com/videos'

function through(middleware: Parameters<HandlerStack['push']>[0]): {
  mock: MockHandler
  api: ReturnType<AnyStack['toFetch']>
} {
  const mock = mockHandler(Array.from({ length: 10 }, () => 200))
  const stack: AnyStack = HandlerStack.create(mock).push(middleware)
  return { mock, api: stack.toFetch() }
}

describe('defaultHeaders', () => {
  const sent = async (headers: Parameters<typeof defaultHeaders>[0], init?: object) => {
    const { mock, api } = through(defaultHeaders(headers))
    await api(url, init)
    return Object.fromEntries(new Headers(mock.last!.request.headers))
  }

  test('sets what the request does not have', async () => {
    expect(await sent({ accept: 'text/plain', 'x-a': '1' })).toEqual({ accept: 'text/plain', 'x-a': '1' })
  })

  test.each([{ ACCEPT: 'own' }, [['Accept', 'own']], new Headers({ accept: 'own' })])(
    "the caller's own win: %o",
    async (headers) => {
      expect(await sent({ accept: 'text/plain', 'x-a': '1' }, { headers })).toEqual({ accept: 'own', 'x-a': '1' })
    },
  )

  test("those of the caller's Request win too", async () => {
    const { mock, api } = through(defaultHeaders({ accept: 'text/plain' }))
    await api(new Request(url, { headers: { accept: 'own' } }))
    expect(mock.last!.request.header('accept')).toBe('own')
  })

  test('a function is asked for each request; nothing leaves the header out', async () => {
    let count = 0
    const { mock, api } = through(defaultHeaders({ 'x-n': () => String(++count), 'x-none': () => undefined }))
    await api(url)
    await api(url)
    expect(mock.calls.map(({ request }) => [request.header('x-n'), request.header('x-none')])).toEqual([
      ['1', undefined],
      ['2', undefined],
    ])
  })

  test('what a function gives is checked, and rejects the call', async () => {
    const { api } = through(defaultHeaders({ 'x-n': () => 's3cret\n' }))
    const failed = await api(url).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(OptionError)
    expect(String(failed)).not.toContain('s3cret')
  })

  test('null in the per-call option unsets a default, a value replaces it', async () => {
    expect(
      await sent(
        { accept: 'text/plain', 'X-A': '1' },
        { fetchstack: { 'default-headers': { Accept: null, 'x-a': '2' } } },
      ),
    ).toEqual({
      'x-a': '2',
    })
  })

  test("a call's own header wins over both", async () => {
    const init = { headers: { accept: 'own' }, fetchstack: { 'default-headers': { accept: 'mine' } } }
    expect(await sent({ accept: 'text/plain' }, init)).toEqual({ accept: 'own' })
  })

  test('the request is the same object when nothing is missing', async () => {
    const { mock, api } = through(defaultHeaders({ accept: 'text/plain' }))
    const headers = { accept: 'own' }
    await api(url, { headers })
    expect(mock.last!.request.headers).toBe(headers)
  })

  test.each([
    [undefined],
    [null],
    ['accept'],
    [['accept', 'a']],
    [new Headers()],
    [{ 'bad name': '1' }],
    [{ a: 'b\r\nc' }],
    [{ a: 5 }],
  ])('refuses %o', async (headers) => {
    expect(() => defaultHeaders(headers as never)).toThrow(OptionError)
    const { api } = through(defaultHeaders({}))
    const init = { fetchstack: { 'default-headers': headers } } as object
    if (headers !== undefined) await expect(api(url, init)).rejects.toThrow(OptionError)
  })
})

describe('query', () => {
  const sent = async (defaults: Parameters<typeof query>[0], from: string, own?: object) => {
    const { mock, api } = through(query(defaults))
    await api(from, own && ({ fetchstack: { query: own } } as object))
    return mock.last!.request.url
  }

  test.each([
    [{ lang: 'en' }, url, `${url}?lang=en`],
    [{ lang: 'en' }, `${url}?page=1`, `${url}?page=1&lang=en`],
    [{ lang: 'en' }, `${url}?lang=de`, `${url}?lang=de`],
    [{ lang: 'en' }, `${url}?lang`, `${url}?lang`],
    [{ lang: 'en' }, `${url}?l%61ng=de`, `${url}?l%61ng=de`],
    [{ lang: 'en' }, `${url}?#top`, `${url}?lang=en#top`],
    [{ lang: 'en' }, `${url}?a=b?c#d?e`, `${url}?a=b?c&lang=en#d?e`],
    [{ tag: ['a', 'b'], n: 1, yes: true, no: null, none: undefined }, url, `${url}?tag=a&tag=b&n=1&yes=true`],
    [{ q: 'a b&c=ü' }, url, `${url}?q=a+b%26c%3D%C3%BC`],
  ])('%o and %s is %s', async (defaults, from, expected) => {
    expect(await sent(defaults, from)).toBe(expected)
  })

  test('the per-call option replaces the whole query, and the defaults are added to it', async () => {
    expect(await sent({ lang: 'en' }, `${url}?page=1&x=2#top`, { page: 2 })).toBe(`${url}?page=2&lang=en#top`)
    expect(await sent({ lang: 'en' }, `${url}?page=1`, { lang: 'de' })).toBe(`${url}?lang=de`)
    expect(await sent({}, `${url}?page=1`, {})).toBe(url)
  })

  test('the rest of the URL stays as it was written, for any query', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webUrl({ withFragments: true, withQueryParameters: true }), async (from) => {
        const to = await sent({ added: '1' }, from)
        const [before, after] = [new URL(from), new URL(to)]
        expect([after.origin, after.pathname, after.hash]).toEqual([before.origin, before.pathname, before.hash])
        expect([...after.searchParams].slice(0, -1)).toEqual([...before.searchParams])
        expect([...after.searchParams].at(-1)).toEqual(['added', '1'])
      }),
    )
  })

  test('nothing to add leaves the request as it is', async () => {
    const { mock, api } = through(query())
    const request = new Request(url, { method: 'POST', body: 'data' })
    await api(request)
    expect(mock.last!.request.source).toBe(request)
  })

  test.each([[null], ['a=1'], [[['a', '1']]], [{ a: {} }], [{ a: [[]] }], [{ a: Symbol('a') }]])(
    'refuses %o',
    async (parameters) => {
      expect(() => query(parameters as never)).toThrow(OptionError)
      const { api } = through(query())
      await expect(api(url, { fetchstack: { query: parameters } } as object)).rejects.toThrow(OptionError)
    },
  )
})
