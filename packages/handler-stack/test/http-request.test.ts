import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FetchInput, HttpRequest, InvalidUrlError } from '../src/index.ts'
import { recording, thrown } from './helpers.ts'

const url = 'https://api.example.com/videos'

describe('from', () => {
  test('reads a string', () => {
    const request = HttpRequest.from(url)
    expect(request).toMatchObject({ url, input: url, method: 'GET' })
    expect([request.init, request.source, request.headers, request.body, request.signal]).toEqual(
      Array(5).fill(undefined),
    )
  })

  test('reads a URL', () => {
    const input = new URL(url)
    expect(HttpRequest.from(input)).toMatchObject({ url, input: url, method: 'GET' })
  })

  test('reads a Request', async () => {
    const { signal } = new AbortController()
    const input = new Request(url, { method: 'POST', body: 'data', headers: { a: '1' }, signal })
    const request = HttpRequest.from(input)
    expect(request).toMatchObject({ url, method: 'POST' })
    expect(request.input).toBe(input)
    expect(request.source).toBe(input)
    expect(request.body).toBe(input.body)
    expect(request.signal).toBe(input.signal)
    expect(request.header('A')).toBe('1')
  })

  test('reads a Request as init, as fetch does', async () => {
    const request = HttpRequest.from(`${url}/2`, new Request(url, { method: 'PUT', body: 'data', headers: { a: '1' } }))
    expect(request).toMatchObject({ url: `${url}/2`, method: 'PUT' })
    expect(request.header('a')).toBe('1')
    expect(await request.source?.text()).toBe('data')
  })

  test('knows a Request of a polyfill or another realm by its shape', () => {
    const foreign = { url, method: 'DELETE', headers: { a: '1' }, body: null, clone: () => foreign }
    expect(HttpRequest.from(foreign as never)).toMatchObject({ source: foreign, method: 'DELETE', url })
  })

  test('init comes before the Request, field by field', () => {
    const input = new Request(url, { method: 'POST', body: 'of the request', headers: { a: '1' } })
    const { signal } = new AbortController()
    const request = HttpRequest.from(input, { method: 'put', headers: { b: '2' }, body: 'of init', signal })
    expect(request).toMatchObject({ method: 'PUT', body: 'of init', signal })
    expect([request.header('a'), request.header('b')]).toEqual([undefined, '2'])
  })

  test('null stands for no body and no signal, and for the body as it was when there is a Request', () => {
    const input = new Request(url, { method: 'POST', body: 'data', signal: new AbortController().signal })
    expect(HttpRequest.from(url, { body: null, signal: null })).toMatchObject({ body: undefined, signal: undefined })
    expect(HttpRequest.from(input, { body: null, signal: null }).body).toBe(input.body)
    expect(HttpRequest.from(input, { body: null, signal: null }).signal).toBeUndefined()
    expect(HttpRequest.from(input, null).method).toBe('POST')
  })

  test.each([
    ['get', 'GET'],
    ['Post', 'POST'],
    ['delete', 'DELETE'],
    ['head', 'HEAD'],
    ['options', 'OPTIONS'],
    ['put', 'PUT'],
    ['patch', 'patch'],
    ['PATCH', 'PATCH'],
    ['chicken', 'chicken'],
    [undefined, 'GET'],
  ])('gives the method %o as fetch normalises it: %s', (method, expected) => {
    expect(HttpRequest.from(url, { method }).method).toBe(expected)
    // Node warns of 'patch', and leaves it.
    if (method !== 'patch') expect(new Request(url, method === undefined ? {} : { method }).method).toBe(expected)
  })

  test('makes a URL absolute where it can, and keeps an absolute one as it was written', () => {
    expect(HttpRequest.from('HTTPS://API.example.com').url).toBe('HTTPS://API.example.com')
    expect(HttpRequest.from(` ${url}`).url).toBe(url)
    expect(HttpRequest.from('data:,hello').url).toBe('data:,hello')
  })

  test.each([['/videos'], ['videos'], [''], ['//api.example.com/videos'], ['?page'], [undefined], [null]])(
    'refuses the URL %o, which is relative to nothing',
    (input) => {
      const error = thrown(() => HttpRequest.from(input as unknown as FetchInput))
      expect(error).toBeInstanceOf(InvalidUrlError)
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toMatchObject({ name: 'InvalidUrlError', code: 'FETCHSTACK_INVALID_URL' })
      expect(error).toHaveProperty('message', `Invalid URL "${input}": it must be absolute.`)
    },
  )

  test('tells no secret of a URL that it refuses', () => {
    const error = thrown(() => HttpRequest.from('//me:hunter2@host/?key=hunter2#hunter2'))
    expect(error).toHaveProperty('message', 'Invalid URL "//host/?key=…": it must be absolute.')
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2')
  })
})

describe('headers', () => {
  const forms: [string, () => NonNullable<RequestInit['headers']>][] = [
    ['a plain object', () => ({ Accept: 'text/html', 'X-Two': 'b' })],
    [
      'a list of pairs',
      () => [
        ['Accept', 'text/html'],
        ['X-Two', 'b'],
      ],
    ],
    ['Headers', () => new Headers({ Accept: 'text/html', 'X-Two': 'b' })],
  ]

  describe.each(forms)('given as %s', (_, make) => {
    const request = (): HttpRequest => HttpRequest.from(url, { headers: make() })

    test('are read in any case', () => {
      expect(['accept', 'ACCEPT', 'x-two', 'absent'].map((name) => request().header(name))).toEqual([
        'text/html',
        'text/html',
        'b',
        undefined,
      ])
    })

    test('withHeader sets one in place of any of that name, whatever its case, and keeps the others', () => {
      const changed = request().withHeader('aCCept', 'application/json').withHeader('new', '1')
      expect(Object.fromEntries(new Headers(changed.headers))).toEqual({
        accept: 'application/json',
        new: '1',
        'x-two': 'b',
      })
    })

    test('withoutHeader takes one out, whatever its case, and keeps the others', () => {
      expect(Object.fromEntries(new Headers(request().withoutHeader('ACCEPT').headers))).toEqual({ 'x-two': 'b' })
    })

    test('the caller’s own stay as they were', () => {
      const headers = make()
      HttpRequest.from(url, { headers }).withHeader('accept', 'changed').withoutHeader('x-two')
      expect(headers).toEqual(make())
    })
  })

  test('come from the Request when init has none', () => {
    const request = HttpRequest.from(new Request(url, { headers: { a: '1' } })).withHeader('b', '2')
    expect(Object.fromEntries(new Headers(request.headers))).toEqual({ a: '1', b: '2' })
  })

  test('repeated in a list are combined, as fetch does, also when they differ in case', () => {
    const request = HttpRequest.from(url, {
      headers: [
        ['Via', '1.0 a'],
        ['x', 'y'],
        ['via', '1.1 b'],
      ],
    })
    expect(request.header('VIA')).toBe('1.0 a, 1.1 b')
    expect(new Headers(request.withHeader('new', '1').headers).get('via')).toBe('1.0 a, 1.1 b')
    expect(new Headers(request.withoutHeader('via').headers).get('via')).toBeNull()
  })

  test('repeated in an object in another case are combined, as fetch does', () => {
    const request = HttpRequest.from(url, { headers: { Via: '1.0 a', via: '1.1 b' } })
    expect(request.header('via')).toBe('1.0 a, 1.1 b')
    expect(Object.keys(request.withHeader('VIA', 'c').headers ?? {})).toEqual(['VIA'])
  })

  test('with names that every object has are headers like others', () => {
    const request = HttpRequest.from(url).withHeader('constructor', 'a').withHeader('toString', 'b')
    expect(request.headers).toEqual({ constructor: 'a', toString: 'b' })
    expect(HttpRequest.from(url, { headers: [['constructor', 'x']] }).withHeader('a', 'b').headers).toEqual({
      constructor: 'x',
      a: 'b',
    })
    expect(HttpRequest.from(url).header('constructor')).toBeUndefined()
  })

  test('an empty value is a value', () => {
    expect(HttpRequest.from(url, { headers: { a: '' } }).header('a')).toBe('')
    expect(HttpRequest.from(url).withHeader('a', '').header('a')).toBe('')
  })

  test('withoutHeader gives the same request when there is nothing to take out', () => {
    const request = HttpRequest.from(url, { headers: { a: '1' } })
    expect(request.withoutHeader('b')).toBe(request)
  })

  test('read and edited, are what the platform’s own Headers make of the same edits', () => {
    const name = fc.constantFrom('a', 'A', 'b', 'B', 'accept', 'Accept')
    const value = fc.constantFrom('1', 'two', 'x, y')
    const form = fc.oneof(
      fc.array(fc.tuple(name, value)),
      fc.dictionary(name, value),
      fc.array(fc.tuple(name, value)).map((pairs) => new Headers(pairs)),
    )
    fc.assert(
      fc.property(form, fc.array(fc.tuple(name, fc.option(value))), (headers, edits) => {
        const expected = new Headers(headers)
        let request = HttpRequest.from(url, { headers })
        for (const [key, to] of edits) {
          if (to === null) expected.delete(key)
          else expected.set(key, to)
          request = to === null ? request.withoutHeader(key) : request.withHeader(key, to)
        }
        expect(Array.from(new Headers(request.headers))).toEqual(Array.from(expected))
        expect(request.header('a') ?? null).toBe(expected.get('a'))
      }),
    )
  })
})

describe('with', () => {
  const init = { method: 'POST', headers: { a: '1' }, body: 'data', dispatcher: {}, cf: { cacheTtl: 5 } }

  test('copies on write: the request, the caller’s init and what is not named stay as they were', () => {
    const before = structuredClone(init)
    const request = HttpRequest.from(url, init)
    const changed = request.with({ method: 'put', url: `${url}/2`, headers: { b: '2' }, body: 'other' })
    expect(changed).not.toBe(request)
    expect(changed).toMatchObject({ method: 'PUT', url: `${url}/2`, headers: { b: '2' }, body: 'other' })
    expect(request).toMatchObject({ method: 'POST', url, headers: { a: '1' }, body: 'data' })
    expect(init).toEqual(before)
  })

  test('changes add up', () => {
    const request = HttpRequest.from(url, init).with({ method: 'PUT' }).with({ body: 'other' }).withHeader('c', '3')
    expect(request).toMatchObject({ method: 'PUT', body: 'other', headers: { a: '1', c: '3' }, url })
  })

  test('merges init, so that fields of the runtime are kept', () => {
    const request = HttpRequest.from(url, init)
      .with({ init: { cf: 'changed' } })
      .with({ init: { proxy: 'p' } })
    expect(request.init).toMatchObject({ dispatcher: init.dispatcher, cf: 'changed', proxy: 'p', method: 'POST' })
  })

  test('null takes out the body and the signal', () => {
    const request = HttpRequest.from(url, { ...init, signal: new AbortController().signal })
    expect(request.with({ body: null, signal: null })).toMatchObject({ body: undefined, signal: undefined })
  })

  test('a field that is undefined stays as it was: a conditional change must not drop a signal or a body', () => {
    const { signal } = new AbortController()
    const request = HttpRequest.from(url, { ...init, signal })
    const undefineds = { method: undefined, url: undefined, headers: undefined, body: undefined, signal: undefined }
    const changed = request.with(undefineds as never)
    expect([changed.method, changed.url, changed.headers, changed.body]).toEqual(['POST', url, { a: '1' }, 'data'])
    expect(changed.signal).toBe(signal)
  })

  test('refuses a relative URL', () => {
    expect(() => HttpRequest.from(url).with({ url: '/videos' })).toThrow(InvalidUrlError)
    expect(() => HttpRequest.from(new Request(url)).with({ url: '/videos' })).toThrow(InvalidUrlError)
  })
})

describe('signal', () => {
  test('is the caller’s own, not one that follows it', () => {
    const { signal } = new AbortController()
    expect(HttpRequest.from(url, { signal }).signal).toBe(signal)
  })

  test('that is changed reaches fetch', async () => {
    const { calls, stack } = recording()
    const { signal } = new AbortController()
    await stack.push((next) => (request, call) => next(request.with({ signal }), call)).toFetch()(url)
    expect(calls[0]?.init?.signal).toBe(signal)
  })
})

describe('replay', () => {
  const bodies: [string, () => unknown, string][] = [
    ['no body', () => undefined, 'free'],
    ['null', () => null, 'free'],
    ['a string', () => 'data', 'free'],
    ['an empty string', () => '', 'free'],
    ['bytes', () => new Uint8Array(3), 'free'],
    ['an ArrayBuffer', () => new ArrayBuffer(3), 'free'],
    ['a DataView', () => new DataView(new ArrayBuffer(3)), 'free'],
    ['a Blob', () => new Blob(['data']), 'free'],
    ['a File', () => new File(['data'], 'name'), 'free'],
    ['URLSearchParams', () => new URLSearchParams('a=1'), 'free'],
    ['FormData', () => new FormData(), 'free'],
    ['a factory', () => () => new ReadableStream(), 'free'],
    ['a web stream', () => new ReadableStream(), 'never'],
    ['a Node stream', () => Readable.from(['data']), 'never'],
    [
      'an async iterable',
      () =>
        (async function* () {
          yield 'data'
        })(),
      'never',
    ],
  ]

  test.each(bodies)('of %s', (_, body, replay) => {
    expect(HttpRequest.from(url, { method: 'POST', body: body() }).replay).toBe(replay)
    expect(HttpRequest.from(new Request(url)).with({ body: body() as never }).replay).toBe(replay)
  })

  test('of a Request: free without a body, clone with one, never once it was read', async () => {
    const withBody = new Request(url, { method: 'POST', body: 'data' })
    const request = HttpRequest.from(withBody)
    expect(HttpRequest.from(new Request(url)).replay).toBe('free')
    expect(request.replay).toBe('clone')
    expect(request.withHeader('a', '1').replay).toBe('clone')
    await withBody.text()
    expect(request.replay).toBe('never')
  })

  test('of a Request whose body is replaced goes by the new one', () => {
    const request = HttpRequest.from(new Request(url, { method: 'POST', body: 'data' }))
    expect(request.with({ body: 'free' }).replay).toBe('free')
    expect(request.with({ body: null }).replay).toBe('free')
    expect(request.with({ body: new ReadableStream() }).replay).toBe('never')
  })

  test('of a Request where the runtime does not show bodies is clone: there may be one', () => {
    const request = new Request(url, { method: 'POST', body: 'data' })
    Object.defineProperty(request, 'body', { value: undefined })
    expect(HttpRequest.from(request).replay).toBe('clone')
  })
})
