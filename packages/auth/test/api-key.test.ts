import { HandlerStack } from '@fetchstack/handler-stack'
import { faultyServer } from '@fetchstack/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ApiKeyOptions, type ApiKeyPlace, apiKey, Secret, type SecretInput } from '../src/index.ts'
import { API, headersOf, pass, rejection } from './helpers.ts'

const origins = [API]

async function written(
  place: ApiKeyPlace,
  url = `${API}/videos`,
  key: SecretInput = 'k-1',
  more?: Partial<ApiKeyOptions>,
) {
  const { sent } = await pass(apiKey(key, place, { origins, ...more }), url)
  return { ...headersOf(sent), url: sent.url }
}

describe('in a header', () => {
  const url = `${API}/videos`
  it('x-api-key unless another is named', async () => {
    expect(await written({})).toEqual({ 'x-api-key': 'k-1', url })
    expect(await written({ header: 'X-Goog-Api-Key' })).toEqual({ 'x-goog-api-key': 'k-1', url })
  })

  it('after a prefix, as it stands', async () => {
    expect(await written({ header: 'authorization', prefix: 'Token ' })).toEqual({ authorization: 'Token k-1', url })
    expect(await written({ prefix: 'key=' })).toEqual({ 'x-api-key': 'key=k-1', url })
  })

  it('of a provider', async () => {
    expect(await written({}, url, async () => Secret.of('k-2'))).toEqual({ 'x-api-key': 'k-2', url })
  })

  it.each(['', 'k\n', 'k\r\nx-evil: 1', 'k\0', 'ké', 'k€', undefined, null])('never the key %j', async (key) => {
    expect(() => apiKey(key as string, {}, { origins })).toThrow(
      /^apiKey: key must be a string of ASCII without control characters; this \w+ is not\.$/,
    )
    const error = await rejection(apiKey(() => key as string, {}, { origins }))
    expect(error).toMatchObject({ code: 'FETCHSTACK_AUTH_SECRET' })
  })

  it.each(['', 'x api key', 'x-api-key:', 'x-api-key\n', 'schlüssel', 5])('not in one that is called %j', (header) => {
    expect(() => apiKey('k', { header: header as string }, { origins })).toThrow(
      'apiKey: header must be the name of a header.',
    )
  })

  it('not after a prefix that a header can not hold', () => {
    for (const prefix of ['T\n', 'Ť ', 5]) {
      expect(() => apiKey('k', { prefix: prefix as string }, { origins })).toThrow('apiKey: prefix must be ASCII')
    }
  })
})

describe('in the query', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com?key=k-1'],
    ['https://api.example.com/', 'https://api.example.com/?key=k-1'],
    ['https://api.example.com/?', 'https://api.example.com/?key=k-1'],
    ['https://api.example.com/?a=1', 'https://api.example.com/?a=1&key=k-1'],
    ['https://api.example.com/?a=1&', 'https://api.example.com/?a=1&key=k-1'],
    ['https://api.example.com/?a=%20b+c&d=%C3%A4', 'https://api.example.com/?a=%20b+c&d=%C3%A4&key=k-1'],
    ['https://api.example.com/?a=1#top?b=2&key=3', 'https://api.example.com/?a=1&key=k-1#top?b=2&key=3'],
    ['https://api.example.com/#top', 'https://api.example.com/?key=k-1#top'],
    ['https://api.example.com/??key=1', 'https://api.example.com/??key=1&key=k-1'],
  ])('%s becomes %s', async (url, expected) => {
    expect(await written({ query: 'key' }, url)).toEqual({ url: expected })
  })

  it("in place of all of its name with existing: 'replace'", async () => {
    const url = `${API}/?key=old&a=1&k%65y=older&keys=2#key=3`
    expect(await written({ query: 'key' }, url, 'k-1', { existing: 'replace' })).toEqual({
      url: `${API}/?a=1&keys=2&key=k-1#key=3`,
    })
  })

  it('encoded, so that nothing else can be written with it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string({ minLength: 1 }),
        async (key, query) => {
          const { url } = await written({ query }, `${API}/v1?a=1#top`, key, { existing: 'replace' })
          const { origin, pathname, hash, searchParams } = new URL(url)
          expect({ origin, pathname, hash }).toEqual({ origin: API, pathname: '/v1', hash: '#top' })
          expect([...searchParams]).toEqual([...(query === 'a' ? [] : [['a', '1']]), [query, key]])
        },
      ),
    )
  })

  it('is not shown by the request', async () => {
    const { sent } = await pass(apiKey('s3cret', { query: 'key' }, { origins }))
    expect(String(sent)).toBe(`[GET] ${API}/videos?key=…`)
  })

  it('arrives at a real server, with a body, also from a Request', async () => {
    await using server = await faultyServer({ routes: { '*': 200 } })
    const api = HandlerStack.create()
      .push(apiKey('k 1', { query: 'key' }, { origins: server.url }))
      .toFetch()
    await api(`${server.url}/v?a=1`, { method: 'POST', body: 'hello' })
    await api(new Request(`${server.url}/v?a=1`, { method: 'POST', body: 'hello', headers: { 'x-mine': '1' } }))
    expect(server.requests.map(({ url, text }) => [url, text])).toEqual([
      ['/v?a=1&key=k+1', 'hello'],
      ['/v?a=1&key=k+1', 'hello'],
    ])
    expect(server.requests[1]!.headers['x-mine']).toBe('1')
  })

  it('never empty', async () => {
    expect(() => apiKey('', { query: 'key' }, { origins })).toThrow(
      'key must be a string of at least one character; this string is not.',
    )
    expect(await rejection(apiKey(() => '', { query: 'key' }, { origins }))).toMatchObject({
      code: 'FETCHSTACK_AUTH_SECRET',
    })
  })

  it('only under a name', () => {
    for (const query of ['', 5]) {
      expect(() => apiKey('k', { query: query as string }, { origins })).toThrow(
        'apiKey: query must be the name of a parameter.',
      )
    }
  })
})

it('a key has one place', () => {
  const both = { header: 'x-api-key', query: 'key' } as unknown as ApiKeyPlace
  expect(() => apiKey('k', both, { origins })).toThrow(
    'apiKey: query excludes header and prefix: give one place for the key.',
  )
  expect(() => apiKey('k', { prefix: 'T ', query: 'key' } as unknown as ApiKeyPlace, { origins })).toThrow(
    'give one place for the key',
  )
  expect(() => apiKey('k', { heder: 'x' } as ApiKeyPlace, { origins })).toThrow(
    'unknown option "heder". Did you mean "header"?',
  )
  expect(() => apiKey('k', 'x-api-key' as ApiKeyPlace, { origins })).toThrow('options must be an object, got a string.')
})
