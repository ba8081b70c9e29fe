import { constant } from '@fetchstack/backoff'
import { type Handler, HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { fakeClock, mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { explain, retry } from '../src/index.ts'
import { rig, URL_1 } from './helpers.ts'

describe('explain', () => {
  it('tells attempts, waits, reasons and what was resent, from the response', async () => {
    const { api, settle } = rig(
      mockHandler([() => new Response(null, { status: 429, headers: { 'retry-after': '2' } }), 502, 200]),
    )
    const response = await settle(api(URL_1))
    expect(explain(response)).toMatchObject({
      attempts: 3,
      waited: 2100,
      reason: 'success',
      resent: 'no-body',
      records: [
        {
          attempt: 1,
          outcome: '429',
          verdict: { category: 'throttled' },
          decision: { action: 'retry', reason: 'throttled', delay: 2000, delaySource: 'server' },
        },
        {
          attempt: 2,
          outcome: '502',
          verdict: { category: 'gateway' },
          decision: { action: 'retry', reason: 'transient-status', delay: 100, delaySource: 'backoff' },
        },
        { attempt: 3, outcome: '200', decision: { action: 'accept', reason: 'success' } },
      ],
    })
  })

  it('tells the same from an error', async () => {
    const reset = (): Error =>
      Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }),
      })
    const { api, settle } = rig(mockHandler([reset(), reset(), reset()]))
    const error = await settle(api(URL_1)).catch((caught: unknown) => caught)
    expect(explain(error)).toMatchObject({
      attempts: 3,
      reason: 'attempts-exhausted',
      records: [{ outcome: 'TypeError ECONNRESET' }, {}, {}],
    })
  })

  it("looks through a client's own error: at its response, else along its causes", async () => {
    const { api, settle } = rig(mockHandler([503, 503, 503]))
    const response = await settle(api(URL_1))
    expect(explain(Object.assign(new Error('HTTP error'), { response }))).toBe(explain(response))
    const bug = new Error('a bug')
    const failed = await rig(mockHandler([bug]))
      .api(URL_1)
      .catch((error: unknown) => error)
    expect(explain(new Error('outer', { cause: new Error('inner', { cause: failed }) }))).toBe(explain(bug))
    const loop = new Error('loop')
    loop.cause = loop
    expect(explain(loop)).toBeUndefined()
  })

  it.each([[undefined], [null], ['text'], [7], [{}], [new Response()]])('knows nothing of %s', (value) => {
    expect(explain(value)).toBeUndefined()
  })

  it("looks at what a client kept of the exchange: the response's own headers, or the Request that it made", async () => {
    const request = new Request(URL_1)
    const { api, settle } = rig(mockHandler([503, 503, 503]))
    const response = await settle(api(request))
    const story = explain(response)
    expect(story).toMatchObject({ attempts: 3 })
    const { headers } = response
    expect(explain(Object.assign(new Error('APIError'), { headers }))).toBe(story)
    expect(explain(Object.assign(new Error('ClientError'), { response: { status: 503, headers } }))).toBe(story)
    expect(explain(Object.assign(new Error('AxiosError'), { request }))).toBe(story)
    expect(explain({ response: null, headers: 'none', request: URL_1 })).toBeUndefined()
  })

  it('finds the story of a failure by the Request too', async () => {
    const request = new Request(URL_1)
    const reset = (): Error =>
      new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })
    const { api, settle } = rig(mockHandler([reset(), reset(), reset()]))
    const error = await settle(api(request)).catch((caught: unknown) => caught)
    // As axios does it: its own error, the cause of the cause, and the request.
    expect(explain(Object.assign(new Error('AxiosError', { cause: (error as Error).cause }), { request }))).toBe(
      explain(error),
    )
  })

  it('finds the story of a failure by its cause alone, which some clients keep in place of the error', async () => {
    const reset = (): Error =>
      new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })
    const { api, settle } = rig(mockHandler([reset(), reset(), reset()]))
    const error = await settle(api(URL_1)).catch((caught: unknown) => caught)
    // As the AI SDK does it.
    const ofClient = new Error('APICallError', { cause: (error as Error).cause })
    expect(explain(ofClient)).toMatchObject({ attempts: 3 })
    expect(explain(ofClient)).toBe(explain(error))
  })

  it('keeps nothing for a success at the first attempt', async () => {
    const { api } = rig(mockHandler([200]))
    expect(explain(await api(URL_1))).toBeUndefined()
  })

  it('is plain data without secrets', async () => {
    const { api, settle } = rig(mockHandler([503, 503, 503]))
    const response = await settle(api(`${URL_1}?key=s3cret`, { headers: { authorization: 'Bearer s3cret' } }))
    const text = JSON.stringify(explain(response))
    expect(JSON.parse(text)).toEqual(explain(response))
    expect(text).not.toContain('s3cret')
  })

  it('records each decision in the trail of the call too, and tells the listener before the wait', async () => {
    const seen: string[] = []
    const mock = mockHandler([503, 200])
    const { api, settle, clock } = rig(
      (request, call) => {
        seen.push(`send ${call.trail.map(({ layer, event, attempt }) => `${layer}:${event}:${attempt}`).join()}`)
        return mock(request, call)
      },
      {
        onDecision: ({ outcome, decision }, request) =>
          seen.push(`${request.method} ${outcome} ${decision.action} ${clock.pending}`),
      },
    )
    await settle(api(URL_1))
    expect(seen).toEqual(['send ', 'GET 503 retry 0', 'send retry:retry:1', 'GET 200 accept 0'])
  })

  it('is there when a layer further outside cuts a later attempt off, at the moment that the call rejects', async () => {
    const late = new Error('late')
    const cutOff: Middleware = (next) => (request, call) => {
      const controller = new AbortController()
      const inner = next(request.with({ signal: controller.signal }), call)
      inner.catch(() => {})
      return new Promise((_resolve, reject) => {
        cut = () => {
          controller.abort(late)
          reject(late)
        }
      })
    }
    let cut = (): void => {}
    const clock = fakeClock()
    const hung = fromSignal()
    const api = HandlerStack.create(mockHandler([503, hung.handler]))
      .push(cutOff, 'cut-off')
      .push(retry({ clock, schedule: constant(10), budget: false }))
      .toFetch()
    const call = api(URL_1).catch((error: unknown) => [error, explain(error)])
    await clock.untilPending()
    await clock.runNext()
    await hung.begun
    cut()
    expect(await call).toMatchObject([
      late,
      { attempts: 2, waited: 10, reason: 'aborted', records: [{ outcome: '503' }] },
    ])
  })

  it.each([
    [11, 'total-timeout'],
    [12, 'aborted'],
  ])(
    'says of a cut after 10 of %i ms that it was %s: a timer may be early by less than a millisecond',
    async (ms, reason) => {
      const clock = fakeClock()
      const cutOff: Middleware = (next) => (request, call) => {
        const controller = new AbortController()
        call.deadline = clock.now() + ms
        clock.setTimeout(() => controller.abort(new Error('late')), 10)
        return next(request.with({ signal: controller.signal }), call)
      }
      const hung = fromSignal()
      const api = HandlerStack.create(mockHandler([503, hung.handler]))
        .push(cutOff, 'cut-off')
        .push(retry({ clock, schedule: constant(1), random: () => 1, budget: false }))
        .toFetch()
      const call = api(URL_1).catch(explain)
      await clock.untilPending(2)
      await clock.runNext()
      await hung.begun
      await clock.runNext()
      expect(await call).toMatchObject({ attempts: 2, reason })
    },
  )

  it.each(['name', 'response', 'cause'])('and the call survive an error whose %s can not be read', async (key) => {
    const error = Object.defineProperty(new Error('x', { cause: 1 }), key, {
      get() {
        throw new Error('trap')
      },
    })
    const { api, settle } = rig(mockHandler([503, error]))
    await expect(settle(api(URL_1))).rejects.toBe(error)
    expect(explain(error)?.reason).toBe('permanent-error')
    expect(explain(new Error('outer', { cause: error }))?.attempts).toBe(2)
  })

  it('counts what a retry further inside sent', async () => {
    const options = { schedule: constant(1), budget: false } as const
    const clock = fakeClock()
    const mock = mockHandler([503, 503, 503, 503, 503, 503])
    const api = HandlerStack.create(mock)
      .push(retry({ ...options, clock, maxAttempts: 2 }), 'outer')
      .push(retry({ ...options, clock, maxAttempts: 3 }), 'inner')
      .toFetch()
    const response = api(URL_1)
    await clock.runAll()
    expect(explain(await response)).toMatchObject({ attempts: 6, records: [{ attempt: 3 }, { attempt: 6 }] })
    expect(mock.count).toBe(6)
  })

  it('tells nothing of an error that a function of the user threw: no decision led to it', async () => {
    let asked = 0
    const { api, settle } = rig(mockHandler([503, 503]), {
      rules: [
        () => {
          if (++asked === 2) throw new RangeError('a bug')
          return undefined
        },
      ],
    })
    const error = await settle(api(URL_1)).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(RangeError)
    expect(explain(error)).toBeUndefined()
  })
})

/** A handler that does nothing but wait for the abort. */
function fromSignal() {
  let begin = (): void => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const handler: Handler = ({ signal }) =>
    new Promise((_resolve, reject) => {
      signal!.addEventListener('abort', () => reject(signal!.reason))
      begin()
    })
  return { begun, handler }
}
