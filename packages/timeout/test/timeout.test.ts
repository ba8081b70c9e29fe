import { inspect } from 'node:util'
import { Call, type Handler, HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { fakeClock, mockHandler } from '@fetchstack/testing'
import { isTimeoutError, TimeoutError, timeout } from '@fetchstack/timeout'
import { describe, expect, it, vi } from 'vitest'

const url = 'https://api.example.com/videos'

/** A handler that never answers, and does not listen to the signal. */
const deaf: Handler = () => new Promise(() => {})

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it should have been rejected'),
    (error: unknown) => error,
  )

/** A response whose body gives one byte and then nothing. */
function stalled(): Response {
  let given = false
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (given) return new Promise<void>(() => {})
        given = true
        controller.enqueue(new Uint8Array(1))
        return undefined
      },
    }),
  )
}

/** Calls `next` again for as long as it rejects, up to `attempts` times in all. */
const again =
  (attempts: number): Middleware =>
  (next) =>
    async function again(request, call) {
      for (call.attempt = 1; ; call.attempt++) {
        try {
          return await next(request, call)
        } catch (error) {
          if (request.signal?.aborted || call.attempt >= attempts) throw error
        }
      }
    }

describe('waiting for the response', () => {
  it('rejects when the signal is none, and leaves no timer that would throw where nobody catches', async () => {
    const clock = fakeClock()
    const api = HandlerStack.create(deaf)
      .push(timeout({ after: 100, clock }))
      .toFetch()
    await expect(api(url, { signal: {} as AbortSignal })).rejects.toThrow(TypeError)
    expect(clock.pending).toBe(0)
  })

  it('rejects when the time is over, although nobody inside listens', async () => {
    const clock = fakeClock()
    const api = HandlerStack.create(deaf)
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const call = caught(api(`${url}?key=secret`))
    await clock.advance(99)
    expect(clock.pending).toBe(1)
    await clock.advance(1)
    const error = await call
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'TimeoutError',
      code: 'FETCHSTACK_TIMEOUT',
      message: '[GET] https://api.example.com/videos?key=… no response within 100 ms (timeout)',
      timeout: 100,
      phase: 'headers',
      layer: 'timeout',
      attempt: 1,
      request: { url: `${url}?key=secret` },
      response: undefined,
    })
    expect(clock.pending).toBe(0)
  })

  it('aborts what is inside with that very error', async () => {
    const clock = fakeClock()
    const mock = mockHandler([
      (request) =>
        new Promise((_, reject) => request.signal!.addEventListener('abort', () => reject(request.signal!.reason))),
    ])
    const api = HandlerStack.create(mock)
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const call = caught(api(url))
    await clock.advance(100)
    expect(mock.last?.request.signal?.reason).toBe(await call)
  })

  it('passes a response on as it is, and stops the clock when it has no body', async () => {
    const clock = fakeClock()
    const response = new Response(null, { status: 503 })
    const mock = mockHandler([response])
    const api = HandlerStack.create(mock)
      .push(timeout({ after: 100, clock }))
      .toFetch()
    expect(await api(url)).toBe(response)
    expect(clock.waits).toEqual([100])
    expect(clock.pending).toBe(0)
    await clock.advance(1_000)
    expect(mock.last?.request.signal?.aborted).toBe(false)
  })

  it('passes an error on as it is', async () => {
    const clock = fakeClock()
    const failure = new TypeError('fetch failed')
    const api = HandlerStack.create(mockHandler([failure]))
      .push(timeout({ after: 100, clock }))
      .toFetch()
    expect(await caught(api(url))).toBe(failure)
    expect(clock.pending).toBe(0)
  })

  it('makes a rejection of what a handler throws, and of a handler that gives nothing', async () => {
    const clock = fakeClock()
    const failure = new Error('at once')
    const stack = new HandlerStack().push(timeout({ after: 100, clock }))
    const thrower = stack.withHandler(() => {
      throw failure
    })
    const call = new Call()
    const { request } = await requestOf()
    const rejected = thrower.resolve()(request, call)
    expect(await caught(rejected)).toBe(failure)
    const empty = stack.withHandler((async () => undefined) as unknown as Handler).toFetch()
    expect(await caught(empty(url))).toMatchObject({ message: 'timeout: a handler inside gave no response' })
    expect(clock.pending).toBe(0)
    expect(call.deadline).toBeUndefined()
  })

  async function requestOf() {
    const mock = mockHandler([204])
    await HandlerStack.create(mock).toFetch()(url)
    return mock.last!
  }

  it('releases a response that comes too late', async () => {
    const clock = fakeClock()
    const cancel = vi.fn<() => void>()
    let answer = (_: Response) => {}
    const api = HandlerStack.create(() => new Promise((resolve) => (answer = resolve)))
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const call = caught(api(url))
    await clock.advance(100)
    expect(isTimeoutError(await call)).toBe(true)
    answer(new Response(new ReadableStream({ cancel })))
    await clock.advance(0)
    expect(cancel).toHaveBeenCalledOnce()
    expect(clock.pending).toBe(0)
  })

  it('takes no notice of an error that comes too late', async () => {
    const clock = fakeClock()
    let fail = (_: Error) => {}
    const call = new Call()
    const handler = HandlerStack.create(() => new Promise((_, reject) => (fail = reject)))
      .push(timeout({ after: 100, clock }))
      .resolve()
    const rejected = caught(handler((await requestOf()).request, call))
    await clock.advance(100)
    await rejected
    call.deadline = 7
    fail(new Error('late'))
    await clock.advance(0)
    expect(call.deadline).toBe(7)
  })

  it('counts from when the request reaches it, each time', async () => {
    const clock = fakeClock()
    const slow: Middleware = (next) =>
      async function slow(request, call) {
        await new Promise<void>((resolve) => clock.setTimeout(resolve, 500))
        return next(request, call)
      }
    const api = HandlerStack.create(deaf)
      .push(again(2))
      .push(slow)
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const call = caught(api(url))
    await clock.advance(1_199)
    expect(clock.pending).toBe(1)
    await clock.advance(1)
    expect(await call).toMatchObject({ attempt: 2 })
    expect(clock.waits).toEqual([500, 100, 500, 100])
  })
})

describe("the caller's abort", () => {
  it('rejects at once, with the reason itself, although nobody inside listens', async () => {
    const clock = fakeClock()
    const mock = mockHandler([() => new Promise(() => {})])
    const api = HandlerStack.create(mock)
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const controller = new AbortController()
    const reason = { mine: true }
    const call = caught(api(url, { signal: controller.signal }))
    controller.abort(reason)
    expect(await call).toBe(reason)
    expect(mock.last?.request.signal?.reason).toBe(reason)
    expect(clock.pending).toBe(0)
  })

  it('before the call means that nothing is sent', async () => {
    const mock = mockHandler()
    const clock = fakeClock()
    const api = HandlerStack.create(mock)
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const reason = new Error('no longer needed')
    expect(await caught(api(url, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(mock.count).toBe(0)
    expect(clock.waits).toEqual([])
  })

  it('reaches the body, also of a handler that does not listen', async () => {
    const clock = fakeClock()
    const mock = mockHandler([stalled()])
    const api = HandlerStack.create(mock)
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const controller = new AbortController()
    const reason = 'enough'
    const response = await api(url, { signal: controller.signal })
    const text = caught(response.text())
    controller.abort(reason)
    expect(await text).toBe(reason)
    expect(mock.last?.request.signal?.reason).toBe(reason)
    expect(clock.pending).toBe(0)
  })

  it('is not listened to any more when the body is over', async () => {
    const mock = mockHandler([new Response('x')])
    const api = HandlerStack.create(mock).push(timeout(60_000)).toFetch()
    const controller = new AbortController()
    await (await api(url, { signal: controller.signal })).text()
    controller.abort()
    expect(mock.last?.request.signal?.aborted).toBe(false)
  })
})

describe('reading the body', () => {
  const reads: [string, (response: Response) => Promise<unknown>][] = [
    ['text()', (response) => response.text()],
    ['json()', (response) => response.json()],
    [
      'a reader',
      async (response) => {
        const reader = response.body!.getReader()
        while (!(await reader.read()).done);
      },
    ],
  ]

  it.each(reads)('fails with a TimeoutError when it stalls, although nobody inside listens: %s', async (_, read) => {
    const clock = fakeClock()
    const given = stalled()
    const api = HandlerStack.create(mockHandler([given]))
      .push(timeout({ after: 100, clock }), 'attempt-timeout')
      .toFetch()
    const response = await api(url)
    expect(response).toBe(given)
    const reading = caught(read(response))
    await clock.advance(100)
    const error = await reading
    expect(isTimeoutError(error)).toBe(true)
    expect(error).toMatchObject({
      message: '[GET] https://api.example.com/videos body not complete within 100 ms (attempt-timeout)',
      phase: 'body',
      layer: 'attempt-timeout',
      response,
    })
    expect(clock.pending).toBe(0)
  })

  it('fails with one and the same error, also for who comes later', async () => {
    const clock = fakeClock()
    const mock = mockHandler([stalled()])
    const api = HandlerStack.create(mock)
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const response = await api(url)
    const copy = response.clone()
    await clock.advance(100)
    const error = await caught(response.text())
    expect(isTimeoutError(error)).toBe(true)
    expect(await caught(copy.text())).toBe(error)
    expect(mock.last?.request.signal?.reason).toBe(error)
  })

  it('lets a client write to the response of the error: axios does, whatever the error that it wraps', async () => {
    const clock = fakeClock()
    const api = HandlerStack.create(mockHandler([stalled()]))
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const response = await api(url)
    const { headers } = response
    await clock.advance(100)
    const error = (await caught(response.text())) as TimeoutError
    expect(error.response).toBe(response)
    expect(error.response?.headers).toBe(headers)
    expect(() => Object.assign(error.response!, { headers: {} })).not.toThrow()
  })

  it('stops the clock at the end of the body', async () => {
    const clock = fakeClock()
    const mock = mockHandler([new Response('x')])
    const api = HandlerStack.create(mock)
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const response = await api(url)
    expect(clock.pending).toBe(1)
    expect(await response.text()).toBe('x')
    expect(clock.pending).toBe(0)
  })

  it('is not bounded with body: false, but the caller can still abort it', async () => {
    const clock = fakeClock()
    const mock = mockHandler([stalled(), stalled(), () => new Promise(() => {})])
    const api = HandlerStack.create(mock)
      .push(timeout({ after: 100, body: false, clock }))
      .toFetch()
    const controller = new AbortController()
    const response = await api(url, { signal: controller.signal })
    expect(clock.pending).toBe(0)
    const text = caught(response.text())
    await clock.advance(1_000)
    controller.abort('enough')
    expect(await text).toBe('enough')

    const unbound = await api(url)
    expect(clock.pending).toBe(0)
    expect(Object.getPrototypeOf(unbound)).toBe(Response.prototype)

    const late = caught(api(url))
    await clock.advance(100)
    expect(await late).toMatchObject({ phase: 'headers' })
  })

  it('unrefs the timer, so that it holds no process open', async () => {
    const unref = vi.fn<() => void>()
    const clock = { now: () => 0, setTimeout: () => ({ unref }), clearTimeout: vi.fn<() => void>() }
    const api = HandlerStack.create(mockHandler([stalled()]))
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const call = api(url)
    expect(unref).not.toHaveBeenCalled()
    await call
    expect(unref).toHaveBeenCalledOnce()
  })
})

describe('several timeouts', () => {
  function stackOf(outer: number, inner: number, handler: Handler) {
    const clock = fakeClock()
    const stack = HandlerStack.create(handler)
      .push(timeout({ after: outer, clock }), 'total-timeout')
      .push(again(3))
      .push(timeout({ after: inner, clock }), 'attempt-timeout')
    return { clock, api: stack.toFetch() }
  }

  it('the inner one strikes once per attempt', async () => {
    const { clock, api } = stackOf(1_000, 100, deaf)
    const call = caught(api(url))
    await clock.advance(300)
    expect(await call).toMatchObject({ layer: 'attempt-timeout', attempt: 3, timeout: 100 })
    expect(clock.pending).toBe(0)
  })

  it('the outer one strikes once per call, and no attempt follows', async () => {
    const { clock, api } = stackOf(150, 100, deaf)
    const call = caught(api(url))
    await clock.advance(150)
    expect(await call).toMatchObject({ layer: 'total-timeout', attempt: 1, timeout: 150 })
    expect(clock.pending).toBe(0)
    expect(clock.waits).toEqual([150, 100, 100])
  })

  it('the nearer one ends the body, and then none is left', async () => {
    for (const [outer, inner, layer] of [
      [150, 100, 'attempt-timeout'],
      [100, 150, 'total-timeout'],
    ] as const) {
      const mock = mockHandler([stalled()])
      const { clock, api } = stackOf(outer, inner, mock)
      const text = caught((await api(url)).text())
      await clock.advance(100)
      expect(await text).toMatchObject({ layer, phase: 'body', timeout: 100 })
      expect(mock.last?.request.signal?.reason).toBe(await text)
      expect(clock.pending).toBe(0)
    }
  })

  it('the body of a late attempt has only what is left of the total', async () => {
    const { clock, api } = stackOf(
      250,
      100,
      mockHandler([() => new Promise(() => {}), () => new Promise(() => {}), stalled()]),
    )
    const call = api(url)
    await clock.advance(200)
    const text = caught((await call).text())
    await clock.advance(50)
    expect(await text).toMatchObject({ layer: 'total-timeout', phase: 'body', attempt: 1 })
  })
})

describe('a timeout around several requests at once', () => {
  it.each([0, 1, 2])('aborts those that are under way, and not number %i, which is over', async (over) => {
    const clock = fakeClock()
    const texts: Promise<unknown>[] = []
    /** Sends all at once, as a hedge would. */
    const hedge: Middleware = (next) =>
      function hedge(request, call) {
        for (let i = 0; i < 3; i++) {
          const text = next(request, call).then((response) => response.text())
          texts.push(text.catch((error: unknown) => error))
        }
        return deaf(request, call)
      }
    const mock = mockHandler([stalled(), stalled(), stalled()].with(over, new Response('x')))
    const api = HandlerStack.create(mock)
      .push(timeout({ after: 100, clock }), 'outer')
      .push(hedge)
      .push(timeout({ after: 500, clock }), 'inner')
      .toFetch()
    const call = caught(api(url))
    await clock.advance(99)
    expect(clock.pending).toBe(3)
    await clock.advance(1)
    expect(clock.pending).toBe(0)
    const error = await call
    expect(error).toMatchObject({ layer: 'outer', phase: 'headers' })
    expect(await Promise.all(texts)).toEqual([error, error, error].with(over, 'x'))
    const reasons = mock.calls.map(({ request }) => request.signal?.reason as unknown)
    expect(reasons).toEqual([error, error, error].with(over, undefined))
  })
})

describe('call.deadline', () => {
  it('says when the innermost timeout strikes, never later than an outer one, and is put back', async () => {
    const clock = fakeClock({ now: 1_000 })
    const seen: (number | undefined)[] = []
    const look: Middleware = (next) =>
      async function look(request, call) {
        seen.push(call.deadline)
        try {
          return await next(request, call)
        } finally {
          seen.push(call.deadline)
        }
      }
    const api = HandlerStack.create(mockHandler([200, new Error('no')]))
      .push(look)
      .push(timeout({ after: 100, clock }), 'outer')
      .push(look)
      .push(timeout({ after: 500, clock }), 'long')
      .push(look)
      .push(timeout({ after: 50, clock }), 'short')
      .push(look)
      .toFetch()
    const expected = [undefined, 1_100, 1_100, 1_050, 1_050, 1_100, 1_100, undefined]
    await api(url)
    expect(seen).toEqual(expected)
    await caught(api(url))
    expect(seen).toEqual([...expected, ...expected])
  })

  it('is put back when the timeout strikes', async () => {
    const clock = fakeClock({ now: 1_000 })
    const seen: (number | undefined)[] = []
    const api = HandlerStack.create(deaf)
      .push(
        (next) =>
          function look(request, call) {
            return next(request, call).finally(() => seen.push(call.deadline))
          },
      )
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const call = caught(api(url))
    await clock.advance(100)
    await call
    expect(seen).toEqual([undefined])
  })
})

describe('the trail', () => {
  it('tells of every timeout that struck, and of nothing else', async () => {
    const clock = fakeClock()
    const calls: Call[] = []
    const api = HandlerStack.create(mockHandler([() => new Promise(() => {}), stalled()]))
      .push(
        (next) =>
          function keep(request, call) {
            calls.push(call)
            return next(request, call)
          },
      )
      .push(again(2))
      .push(timeout({ after: 100, clock }), 'attempt-timeout')
      .toFetch()
    const call = api(url)
    await clock.advance(100)
    const text = caught((await call).text())
    await clock.advance(100)
    await text
    const common = { layer: 'attempt-timeout', event: 'timeout' }
    expect(calls[0]?.trail).toMatchObject([
      { ...common, attempt: 1, detail: { timeout: 100, phase: 'headers' } },
      { ...common, attempt: 2, detail: { timeout: 100, phase: 'body' } },
    ])
    expect(structuredClone(calls[0]?.trail)).toEqual(calls[0]?.trail)
  })
})

describe('the per-call option', () => {
  const clock = fakeClock()
  const stack = new HandlerStack().push(timeout({ after: 100, clock }), 'limit')

  it.each([
    [50, 50],
    [Infinity, undefined],
    [false, undefined],
    [undefined, 100],
  ] as const)('%s makes it %s ms', async (limit, wait) => {
    const before = clock.waits.length
    const api = stack.withHandler(mockHandler([200])).toFetch()
    await api(url, { fetchstack: { limit: limit as number | false } })
    expect(clock.waits.slice(before)).toEqual(wait === undefined ? [] : [wait])
  })

  it.each([0, -1, Number.NaN, '50', true, null])('is refused when it is %s, before anything is sent', async (limit) => {
    const mock = mockHandler([200])
    const api = stack.withHandler(mock).toFetch()
    const error = await caught(api(url, { fetchstack: { limit: limit as number } }))
    expect(error).toMatchObject({ name: 'OptionError', option: 'the per-call option' })
    expect(mock.count).toBe(0)
  })
})

describe('options', () => {
  it.each([
    [0, 'after must be a number of milliseconds (Infinity: none) of at least 1, got 0.'],
    [-1, 'got -1.'],
    [Number.NaN, 'got NaN.'],
    ['10s', 'got "10s".'],
    [undefined, 'got undefined.'],
    [null, 'options must be an object, got null.'],
    [{}, 'after must be a number'],
    [{ after: 1, bdy: false }, 'unknown option "bdy". Did you mean "body"?'],
    [{ after: 1, body: 'no' }, 'body must be one of true, false, got "no".'],
    [{ after: 1, clock: Date }, 'clock.setTimeout must be a function, got undefined.'],
    [{ after: 1, clock: null }, 'clock.setTimeout must be a function, got undefined.'],
  ])('%j is refused when the stack is built', (options, message) => {
    expect(() => timeout(options as number)).toThrow(expect.objectContaining({ name: 'OptionError' }))
    expect(() => timeout(options as number)).toThrow(message)
  })

  it('Infinity means none: the request is passed on as it is', async () => {
    const clock = fakeClock()
    const mock = mockHandler([200])
    await HandlerStack.create(mock)
      .push(timeout({ after: Infinity, clock }))
      .toFetch()(url)
    expect(clock.waits).toEqual([])
    expect(mock.last?.request.signal).toBeUndefined()
  })

  it('a time that no timer can hold strikes when the longest timer does, not at once', async () => {
    const clock = fakeClock({ platformLimit: true })
    const api = HandlerStack.create(deaf)
      .push(timeout({ after: 2 ** 32, clock }))
      .toFetch()
    const call = caught(api(url))
    await clock.advance(2 ** 31 - 2)
    expect(clock.pending).toBe(1)
    await clock.advance(1)
    expect(isTimeoutError(await call)).toBe(true)
  })

  it('the layer says what it does', () => {
    const stack = new HandlerStack().push(timeout(30_000), 'total').push(timeout({ after: 500, body: false }))
    expect(String(stack)).toContain('timeout(30 s)')
    expect(String(stack)).toContain('timeout(0.5 s, headers only)')
  })
})

describe('a TimeoutError', () => {
  it('prints no secret, whoever prints it', async () => {
    const clock = fakeClock()
    const response = new Response(stalled().body, { headers: { 'x-token': 's3cret' } })
    const api = HandlerStack.create(mockHandler([response]))
      .push(timeout({ after: 100, clock }))
      .toFetch()
    const text = caught((await api(`${url}?key=s3cret`, { headers: { authorization: 's3cret' } })).text())
    await clock.advance(100)
    const error = (await text) as TimeoutError
    for (const printed of [inspect(error, { depth: 9 }), JSON.stringify(error), String(error), error.stack]) {
      expect(printed).toContain('TimeoutError')
      expect(printed).not.toContain('s3cret')
    }
    // Bun prints what hangs on an error whatever the printed thing says of itself.
    expect(Object.values(error).filter((value) => typeof value === 'object')).toEqual([])
    expect(error.response?.headers.get('x-token')).toBe('s3cret')
    expect(error.request.header('authorization')).toBe('s3cret')
  })
})

describe('isTimeoutError', () => {
  it('goes by name and code, so it knows the errors of another copy of this package', () => {
    expect(isTimeoutError(Object.assign(new Error('x'), { name: 'TimeoutError', code: 'FETCHSTACK_TIMEOUT' }))).toBe(
      true,
    )
    const others = [
      new DOMException('x', 'TimeoutError'),
      new Error('x'),
      { name: 'TimeoutError' },
      'x',
      null,
      undefined,
    ]
    for (const other of others) expect(isTimeoutError(other)).toBe(false)
  })
})
