import { HandlerStack } from '@fetchstack/handler-stack'
import { mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { type Decider, explain, exponentialDelay, retry } from '../src/index.ts'
import { URL_1 } from './helpers.ts'

const none = (): number => 0

describe("retry in Guzzle's form", () => {
  it('asks the decider after each outcome, with the resends so far from 0, and the delay from 1', async () => {
    const asked: unknown[] = []
    const delays: unknown[] = []
    const mock = mockHandler([200, 201, 202])
    const api = HandlerStack.create(mock)
      .push(
        retry(
          (retries, request, response, error) => {
            asked.push([retries, request.method, response?.status, error])
            return retries < 2
          },
          (retries, response) => {
            delays.push([retries, response?.status])
            return 0
          },
        ),
      )
      .toFetch()
    expect((await api(URL_1)).status).toBe(202)
    expect(asked).toEqual([
      [0, 'GET', 200, undefined],
      [1, 'GET', 201, undefined],
      [2, 'GET', 202, undefined],
    ])
    expect(delays).toEqual([
      [1, 200],
      [2, 201],
    ])
  })

  it('gives back the original response or the same rejection when the decider says no', async () => {
    const response = new Response(null, { status: 500 })
    const stop = HandlerStack.create(mockHandler([response]))
      .push(retry(() => false))
      .toFetch()
    expect(await stop(URL_1)).toBe(response)
    const reason = 'not even an error'
    const rejects = HandlerStack.create(mockHandler([{ error: reason }]))
      .push(retry(() => false))
      .toFetch()
    await expect(rejects(URL_1)).rejects.toBe(reason)
  })

  it('shows the decider the rejection', async () => {
    const error = new Error('bad')
    const seen: unknown[] = []
    const decider: Decider = (_retries, _request, response, reason) => {
      seen.push([response?.status, reason])
      return reason !== undefined
    }
    const api = HandlerStack.create(mockHandler([error, 200]))
      .push(retry(decider, none))
      .toFetch()
    await api(URL_1)
    expect(seen).toEqual([
      [undefined, error],
      [200, undefined],
    ])
  })

  it("waits by Guzzle's exponential delay when it is given none", () => {
    expect([0, 1, 2, 3, 4].map((retries) => exponentialDelay(retries, undefined, undefined as never))).toEqual([
      0, 1000, 2000, 4000, 8000,
    ])
  })

  it('resends any method, as the decider is the only judge', async () => {
    const mock = mockHandler([500, 200])
    const api = HandlerStack.create(mock)
      .push(retry((_, __, response) => response?.status === 500, none))
      .toFetch()
    expect((await api(URL_1, { method: 'POST', body: 'x' })).status).toBe(200)
  })

  it('is named after its decider in the print of a stack, and without one says what it is', () => {
    expect(
      String(
        HandlerStack.create().push(
          retry(function onlyOverload() {
            return false
          }),
        ),
      ),
    ).toMatch(/retry\(onlyOverload\)/)
    const unnamed = String(HandlerStack.create().push(retry(() => false)))
    expect(unnamed).toMatch(/retry\(decider\)/)
    expect(unnamed).toMatch(/fetch +any number/)
  })

  it('waits for a decider that answers later, so that a promise does not count as a yes', async () => {
    const mock = mockHandler([500, 200])
    const api = HandlerStack.create(mock)
      .push(retry(async () => false, none))
      .toFetch()
    expect((await api(URL_1)).status).toBe(500)
    expect(mock.count).toBe(1)
  })

  it('never resends a stream, whatever the decider says', async () => {
    const mock = mockHandler([500])
    const api = HandlerStack.create(mock)
      .push(retry(() => true, none))
      .toFetch()
    const response = await api(URL_1, { method: 'PUT', body: new Blob(['x']).stream(), duplex: 'half' })
    expect(explain(response)?.reason).toBe('body-not-replayable')
  })

  it('does not resend after an abort, whatever the decider says', async () => {
    const mock = mockHandler([
      () => {
        throw new Error('while aborted')
      },
    ])
    const caller = new AbortController()
    const api = HandlerStack.create((request, call) => {
      caller.abort()
      return mock(request, call)
    })
      .push(retry(() => true, none))
      .toFetch()
    await expect(api(URL_1, { signal: caller.signal })).rejects.toBe(caller.signal.reason)
  })

  it.each([[-1], [Number.NaN], ['1000'], [undefined]])(
    'refuses a delay of %s with a message that says what it takes',
    async (wait) => {
      const api = HandlerStack.create(mockHandler([500]))
        .push(
          retry(
            () => true,
            () => wait as number,
          ),
        )
        .toFetch()
      await expect(api(URL_1)).rejects.toThrow(/delay\(1\) must be a number of milliseconds of at least 0/)
    },
  )
})
