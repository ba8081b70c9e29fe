import { readFileSync } from 'node:fs'
import { HandlerStack, type HttpRequest, type Middleware } from '@fetchstack/handler-stack'
import { mapResponse } from '@fetchstack/handler-stack/middleware'
import { redirect, redirectsOf } from '@fetchstack/redirect'
import { faults, faultyServer } from '@fetchstack/testing'
import { timeout } from '@fetchstack/timeout'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const guide = readFileSync(new URL('../../../docs/from-guzzle.md', import.meta.url), 'utf8')
/** The left column of all tables. */
const left = guide
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split(' | ')[0])
  .join('\n')

/** The constants of `GuzzleHttp\RequestOptions` 7, by their values. */
const OPTIONS =
  'allow_redirects auth body cert cookies connect_timeout crypto_method debug decode_content delay expect force_ip_resolve form_params headers http_errors idn_conversion json multipart on_headers on_stats progress proxy query read_timeout sink ssl_key stream synchronous verify timeout version'
const HANDLERS = 'CurlHandler CurlMultiHandler StreamHandler MockHandler Proxy::wrapSync Proxy::wrapStreaming'
const MIDDLEWARE = 'cookies httpErrors history tap redirect retry log prepareBody mapRequest mapResponse'

describe('docs/from-guzzle.md has a row for', () => {
  it.each(OPTIONS.split(' '))('the option %s', (name) => {
    expect(left).toMatch(new RegExp(`^\\| \`${name}\``, 'm'))
  })
  it.each(HANDLERS.split(' '))('the handler %s', (name) => {
    expect(left).toContain(`\`${name}`)
  })
  it.each(MIDDLEWARE.split(' '))('Middleware::%s', (name) => {
    expect(left).toContain(`\`Middleware::${name}`)
  })
  it.each(['new Pool', 'Pool::batch', 'HandlerStack::create'])('%s', (name) => {
    expect(left).toContain(name)
  })
})

describe('what fetch does by itself in place of an option', () => {
  let server: Awaited<ReturnType<typeof faultyServer>>
  beforeEach(async () => {
    server = await faultyServer()
  })
  afterEach(() => server.close())

  it.each<[string, NonNullable<RequestInit['body']>, RegExp]>([
    ['form_params', new URLSearchParams({ a: '1 2' }), /^application\/x-www-form-urlencoded/],
    ['multipart', new FormData(), /^multipart\/form-data; boundary=/],
  ])('%s: the body brings its content type', async (_, body, type) => {
    server.route('*', 200)
    await HandlerStack.create().toFetch()(server.url, { method: 'POST', body })
    expect(server.requests[0]?.headers['content-type']).toMatch(type)
  })

  it('expect: undici refuses the header', async () => {
    const sent = fetch(server.url, { method: 'POST', body: 'x', headers: { expect: '100-continue' } })
    await expect(sent).rejects.toThrow(TypeError)
  })

  it('idn_conversion: the URL standard has it', () => {
    expect(new URL('https://bücher.example').host).toBe('xn--bcher-kva.example')
  })

  it('on_headers: mapResponse comes before the body, and its error is the call’s', async () => {
    server.route('*', faults.stallBody({ sent: 1 }))
    const refuse = mapResponse(() => {
      throw new Error('too large')
    })
    await expect(HandlerStack.create().push(refuse).toFetch()(server.url)).rejects.toThrow('too large')
  })

  it('stream and timeout: the promise settles with the headers, and the limit covers the body', async () => {
    server.route('*', faults.stallBody({ sent: 1 }))
    const response = await HandlerStack.create().push(timeout(50)).toFetch()(server.url)
    await expect(response.text()).rejects.toMatchObject({ code: 'FETCHSTACK_TIMEOUT' })
  })

  it('allow_redirects: the history, and a limit that tells', async () => {
    server.route('GET /a', faults.redirect('/b')).route('GET /b', faults.ok('there'))
    const api = HandlerStack.create().push(redirect()).toFetch()
    expect(redirectsOf(await api(`${server.url}/a`))).toMatchObject([{ status: 302, to: `${server.url}/b` }])
    const sent = api(`${server.url}/a`, { fetchstack: { redirect: { max: 0 } } })
    await expect(sent).rejects.toMatchObject({ code: 'FETCHSTACK_REDIRECT_TOO_MANY' })
    expect((await api(`${server.url}/a`, { fetchstack: { redirect: false } })).status).toBe(302)
  })

  it('proxy: a field of the runtime reaches the fetch', async () => {
    const seen: unknown[] = []
    const spy: Middleware = () => async (request: HttpRequest) => {
      seen.push(request.init?.['proxy' as never])
      return new Response()
    }
    await HandlerStack.create().push(spy).toFetch()(server.url, { proxy: 'http://proxy:8080' } as object)
    expect(seen).toEqual(['http://proxy:8080'])
  })
})
