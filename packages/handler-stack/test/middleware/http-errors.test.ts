import { inspect } from 'node:util'
import { OptionError } from '@fetchstack/options'
import { describeStatus } from '@fetchstack/status-classifier'
import { describe, expect, test, vi } from 'vitest'
import { defineMiddleware, HandlerStack } from '../../src/index.ts'
import { type HttpError, type HttpErrorsOptions, httpErrors, isHttpError } from '../../src/middleware/index.ts'
import { echoServer } from '../helpers.ts'

const url = 'https://api.example.com/videos?key=s3cret'

function answering(response: Response, options?: HttpErrorsOptions) {
  return HandlerStack.create(() => Promise.resolve(response))
    .push(httpErrors(options))
    .toFetch()
}

async function rejection(promise: Promise<unknown>): Promise<HttpError> {
  const error: unknown = await promise.then(
    () => 'resolved',
    (reason: unknown) => reason,
  )
  if (!isHttpError(error)) throw new Error(`no HttpError: ${String(error)}`)
  return error
}

describe('httpErrors', () => {
  test.each([200, 204, 301, 304, 399])('gives on the very response of status %i', async (status) => {
    const response = new Response(null, { status })
    expect(await answering(response)(url)).toBe(response)
  })

  test.each([400, 404, 429, 499, 500, 503, 525, 599])('rejects status %i', async (status) => {
    const error = await rejection(answering(new Response('why', { status }))(url))
    expect(error).toMatchObject({ name: 'HttpError', code: 'FETCHSTACK_HTTP_ERROR', status })
    expect(error.description).toEqual(describeStatus(status))
  })

  test('says in the message what was sent, what came back, and what it means', async () => {
    const error = await rejection(answering(new Response(null, { status: 503 }))(url))
    expect(error.message).toBe(
      `[GET] https://api.example.com/videos?key=… 503 Service Unavailable: ${describeStatus(503).sentence}`,
    )
    expect(error).toBeInstanceOf(Error)
    expect(error.stack).toMatch(/^HttpError: \[GET\]/)
  })

  test('carries request and response; the body has not been read and can be', async () => {
    await using server = await echoServer((_, response) => {
      response.writeHead(422, { 'content-type': 'application/json' }).end('{"field":"name"}')
    })
    const api = HandlerStack.create().push(httpErrors()).toFetch()
    const error = await rejection(api(server.url, { method: 'POST', body: 'data' }))
    expect(error.request.method).toBe('POST')
    expect(error.response.bodyUsed).toBe(false)
    expect(await error.response.json()).toEqual({ field: 'name' })
  })

  test('shows no secret when it is printed', async () => {
    await using server = await echoServer((_, response) => {
      response.writeHead(401, { 'set-cookie': 'session=s3cret' }).end()
    })
    const api = HandlerStack.create().push(httpErrors()).toFetch()
    const error = await rejection(api(`${server.url}/?key=s3cret`, { headers: { authorization: 's3cret' } }))
    expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain('s3cret')
    // Bun prints what hangs on an error whatever the printed thing says of itself. The description is of the status alone.
    expect(Object.keys(error as object).toSorted()).toEqual(['code', 'description', 'name', 'status'])
  })

  test('leaves rejections as they are', async () => {
    const error = new TypeError('fetch failed')
    const api = HandlerStack.create(() => Promise.reject(error))
      .push(httpErrors())
      .toFetch()
    await expect(api(url)).rejects.toBe(error)
  })

  test('isError says which responses are errors', async () => {
    const isError = vi.fn((response: Response) => response.status === 404)
    const [found, missing] = [new Response(null, { status: 500 }), new Response(null, { status: 404 })]
    expect(await answering(found, { isError })(url)).toBe(found)
    expect((await rejection(answering(missing, { isError })(url))).status).toBe(404)
    expect(isError).toHaveBeenCalledWith(missing, expect.objectContaining({ url }))
  })

  test('isError may take a success for an error', async () => {
    const error = await rejection(answering(new Response(), { isError: () => true })(url))
    expect(error.message).toMatch(/ 200 OK: /)
  })

  test('one call can switch it off, under the name that it has in the stack', async () => {
    const stack = HandlerStack.create(() => Promise.resolve(new Response(null, { status: 500 })))
    const api = stack.push(httpErrors()).toFetch()
    expect((await api(url, { fetchstack: { 'http-errors': false } })).status).toBe(500)
    await rejection(api(url, { fetchstack: { 'http-errors': true } }))
    await rejection(api(url))
    const renamed = stack.push(httpErrors(), 'strict').toFetch()
    expect((await renamed(url, { fetchstack: { strict: false } })).status).toBe(500)
  })

  test('its per-call option is a boolean', async () => {
    const api = answering(new Response())
    await expect(api(url, { fetchstack: { 'http-errors': 0 as never } })).rejects.toThrow(OptionError)
  })

  test('refuses unknown options, and a condition that is no function', () => {
    expect(() => httpErrors({ isErorr: () => true } as never)).toThrow(
      /unknown option "isErorr"\. Did you mean "isError"\?/,
    )
    expect(() => httpErrors({ isError: 400 as never })).toThrow('isError must be a function, got 400.')
    expect(() => httpErrors(true as never)).toThrow(OptionError)
  })

  test('belongs outside of a retry: check() finds it inside', () => {
    const retry = defineMiddleware({ name: 'retry', reenters: 3 }, (next) => next)
    expect(HandlerStack.create().push(retry).push(httpErrors()).check()).toMatchObject([
      { code: 'order', layers: ['http-errors', 'retry'] },
    ])
    expect(HandlerStack.create().push(httpErrors()).push(retry).check()).toEqual([])
  })
})

describe('isHttpError', () => {
  test('goes by name and code, so that errors of another installed copy are known', () => {
    expect(isHttpError({ name: 'HttpError', code: 'FETCHSTACK_HTTP_ERROR' })).toBe(true)
  })

  test.each([
    [undefined],
    [null],
    ['HttpError'],
    [new Error('HttpError')],
    [{ name: 'HttpError' }],
    [{ code: 'FETCHSTACK_HTTP_ERROR' }],
  ])('is false for %o', (value) => {
    expect(isHttpError(value)).toBe(false)
  })
})
