import { mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { explain } from '../src/index.ts'
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
})
