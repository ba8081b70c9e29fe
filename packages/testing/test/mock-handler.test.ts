import { Call, HandlerStack, HttpRequest } from '@fetchstack/handler-stack'
import { describe, expect, it } from 'vitest'
import { mockHandler } from '../src/index.ts'
import { rejection } from './helpers.ts'

const request = HttpRequest.from('https://api.example.com/videos', { method: 'POST' })
const call = new Call()

describe('mockHandler', () => {
  it('plays the queue first in, first out: responses, statuses, functions, errors', async () => {
    const response = Response.json({ videos: [] })
    const failure = new TypeError('fetch failed')
    const mock = mockHandler([
      response,
      503,
      () => new Response('made'),
      () => 404,
      async (given, givenCall) => new Response(`${given.method} ${givenCall === call}`),
      failure,
      { error: 'some problem' },
      { error: undefined },
    ])
    expect([mock.count, mock.remaining, mock.last]).toEqual([0, 8, undefined])
    expect(await mock(request, call)).toBe(response)
    expect((await mock(request, call)).status).toBe(503)
    expect(await (await mock(request, call)).text()).toBe('made')
    expect((await mock(request, call)).status).toBe(404)
    expect(await (await mock(request, call)).text()).toBe('POST true')
    expect(await rejection(mock(request, call))).toBe(failure)
    expect(await rejection(mock(request, call))).toBe('some problem')
    expect(await rejection(mock(request, call))).toBeUndefined()
    expect([mock.count, mock.remaining]).toEqual([8, 0])
  })

  it('rejects, and does not throw, when the queue is empty, and says how many were served', async () => {
    const mock = mockHandler([200])
    await mock(request, call)
    const outcome = mock(request, call)
    await expect(outcome).rejects.toThrow(
      'mockHandler: the queue is empty: POST https://api.example.com/videos is call 2, and 1 outcomes were given.',
    )
    expect(mock.last?.error).toBe(await rejection(outcome))
  })

  it('turns what a function throws into a rejection', async () => {
    const mock = mockHandler([() => expect.fail('on purpose'), () => ({}) as never, () => undefined as never])
    await expect(mock(request, call)).rejects.toThrow('on purpose')
    await expect(mock(request, call)).rejects.toThrow('a function gave neither a Response nor a status')
    await expect(mock(request, call)).rejects.toThrow('a function gave neither a Response nor a status')
  })

  it('records every call with its request and its outcome', async () => {
    const failure = new Error('no')
    const mock = mockHandler([200, failure])
    const other = HttpRequest.from('https://api.example.com/other')
    const response = await mock(request, call)
    await rejection(mock(other, call))
    expect(mock.calls).toEqual([
      { request, call, response, error: undefined },
      { request: other, call, response: undefined, error: failure },
    ])
    expect(mock.calls[0]?.request).toBe(request)
    expect(mock.last).toBe(mock.calls[1])
  })

  it('records a call before its outcome is known', async () => {
    let resolve: ((response: Response) => void) | undefined
    const mock = mockHandler([() => new Promise<Response>((settle) => (resolve = settle))])
    const outcome = mock(request, call)
    expect(mock.last).toMatchObject({ request, response: undefined, error: undefined })
    resolve?.(new Response('late'))
    const response = await outcome
    expect(mock.last?.response).toBe(response)
  })

  it('a Response cannot be served twice', async () => {
    const response = new Response('once')
    expect(() => mockHandler([response, response])).toThrow('the same Response is in it twice')
    const mock = mockHandler([response])
    expect(() => mock.append(response)).toThrow('give a function, like () => Response.json({})')

    const repeated = mockHandler([() => response, () => response])
    await repeated(request, call)
    await expect(repeated(request, call)).rejects.toThrow('this Response was served before')

    await response.text()
    await expect(mockHandler([response])(request, call)).rejects.toThrow('this Response was served before')
  })

  it('an aborted request gets the reason and leaves the queue alone', async () => {
    const mock = mockHandler([200])
    const reason = new Error('enough')
    const aborted = request.with({ signal: AbortSignal.abort(reason) })
    expect(await rejection(mock(aborted, call))).toBe(reason)
    expect([mock.count, mock.remaining, mock.last?.error]).toEqual([1, 1, reason])
  })

  it('an abort does not interrupt a function that is under way', async () => {
    const controller = new AbortController()
    const mock = mockHandler([
      async () => {
        controller.abort()
        return new Response('all the same')
      },
    ])
    const response = await mock(request.with({ signal: controller.signal }), call)
    expect(await response.text()).toBe('all the same')
  })

  it('append() and reset()', async () => {
    const mock = mockHandler()
    expect(mock.append(200, 404)).toBe(mock)
    await mock(request, call)
    expect([mock.count, mock.remaining]).toEqual([1, 1])
    expect(mock.reset()).toBe(mock)
    expect([mock.count, mock.remaining, mock.calls.length]).toEqual([0, 0, 0])
    await expect(mock(request, call)).rejects.toThrow('call 1, and 0 outcomes were given')
  })

  it.each([
    [null, 'got null'],
    [undefined, 'got undefined'],
    ['200', 'got string'],
    [99, 'got 99'],
    [200.5, 'got 200.5'],
    [{}, 'got object'],
  ])('%o is no outcome, when the handler is built and when it is appended', (outcome, message) => {
    const refused = expect.objectContaining({ name: 'OptionError', message: expect.stringContaining(message) })
    expect(() => mockHandler([outcome as never])).toThrow(refused)
    const mock = mockHandler()
    expect(() => mock.append(200, outcome as never)).toThrow(refused)
    expect(mock.remaining).toBe(0)
  })

  it('the queue must be a list', () => {
    expect(() => mockHandler(200 as never)).toThrow('queue must be an array')
  })

  it('does not change the list that it was given', async () => {
    const queue = [200, 404]
    await mockHandler(queue)(request, call)
    expect(queue).toEqual([200, 404])
  })

  it('ends a stack, and is named in it', async () => {
    const mock = mockHandler([201])
    const stack = HandlerStack.create(mock)
    expect((await stack.toFetch()('https://api.example.com/a')).status).toBe(201)
    expect(mock.last?.request.url).toBe('https://api.example.com/a')
    expect(mock.name).toBe('mockHandler')
  })
})
