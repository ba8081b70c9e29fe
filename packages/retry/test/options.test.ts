import { constant } from '@fetchstack/backoff'
import { HandlerStack } from '@fetchstack/handler-stack'
import { policy, ratioBudget, retryIf, status } from '@fetchstack/retry-decision'
import { mockHandler } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { explain, type RetryOptions, retry } from '../src/index.ts'
import { rig, URL_1 } from './helpers.ts'

describe('options of retry', () => {
  it.each<[string, object, RegExp]>([
    ['an unknown one', { maxAttempt: 3 }, /unknown option "maxAttempt".*Did you mean "maxAttempts"/],
    ['a typo of its own', { onDecison: () => {} }, /unknown option "onDecison".*Did you mean "onDecision"/],
    ['no attempt at all', { maxAttempts: 0 }, /maxAttempts must be a whole number/],
    ['a negative wait', { maxServerDelay: -1 }, /maxServerDelay/],
    ['a schedule that is none', { schedule: 500 }, /schedule/],
    ['a schedule without an answer', { schedule: () => Number.NaN }, /schedule/],
    ['a random that is no function', { random: 0.5 }, /random must be a function/],
    ['a key that is no function', { budgetKey: 'all' }, /budgetKey must be a function/],
    ['readers that are no list', { readers: 5 }, /readers must be an array, got 5/],
    ['a reader that is none', { hintReaders: [() => undefined, 1] }, /hintReaders\[1\] must be a function, got 1/],
    ['a clock that is none', { clock: 5 }, /clock.setTimeout must be a function/],
  ])('refuses %s when it is built', (_, options, message) => {
    expect(() => retry(options as RetryOptions)).toThrow(message)
  })

  it('takes a policy as it is, and a policy with more', async () => {
    const shared = policy({ maxAttempts: 2, schedule: constant(5), budget: false })
    expect(() => retry(shared)).not.toThrow()
    const mock = mockHandler([503, 503])
    const { api, clock, settle } = rig(mock, shared)
    await settle(api(URL_1))
    expect([mock.count, clock.waits]).toEqual([2, [5]])
  })

  it('lets one call change the policy, and only that call', async () => {
    const mock = mockHandler([503, 503, 503, 503, 503, 503, 503, 503])
    const { api, settle } = rig(mock)
    await settle(api(URL_1, { fetchstack: { retry: { maxAttempts: 5 } } }))
    expect(mock.count).toBe(5)
    await settle(api(URL_1))
    expect(mock.count).toBe(8)
  })

  it('lets one call go without', async () => {
    const mock = mockHandler([503])
    const response = await rig(mock).api(URL_1, { fetchstack: { retry: false } })
    expect([response.status, explain(response)]).toEqual([503, undefined])
  })

  it('refuses an option of one call as it refuses one of its own, before anything is sent', async () => {
    const mock = mockHandler([200])
    const call = rig(mock).api(URL_1, { fetchstack: { retry: { maxAttempts: -1 } } })
    await expect(call).rejects.toThrow(/maxAttempts must be/)
    expect(mock.count).toBe(0)
  })

  it.each([null, true, 3, [], 'x'])('refuses %j in place of the options of one call', async (value) => {
    const mock = mockHandler([200])
    const call = rig(mock).api(URL_1, { fetchstack: { retry: value as never } })
    await expect(call).rejects.toThrow(/retry: options must be an object/)
    expect(mock.count).toBe(0)
  })

  it('keeps its own value where one call says undefined', async () => {
    const mock = mockHandler([503, 503, 503, 503])
    const { api, settle } = rig(mock, { maxAttempts: 4 })
    await settle(api(URL_1, { fetchstack: { retry: { maxAttempts: undefined as never } } }))
    expect(mock.count).toBe(4)
  })

  it('takes the schedule of one call for throttled outcomes too, as it does its own', async () => {
    const { clock, settle } = rig(mockHandler([429, 200]))
    const api = HandlerStack.create(mockHandler([429, 200]))
      .push(retry({ clock, budget: false }))
      .toFetch()
    await settle(api(URL_1, { fetchstack: { retry: { schedule: constant(5) } } }))
    expect(clock.waits).toEqual([5])
  })

  it('follows rules of the user before its own judgement', async () => {
    const mock = mockHandler([404, 200])
    const { api, settle } = rig(mock, { rules: [retryIf(status(404))] })
    expect((await settle(api(URL_1))).status).toBe(200)
  })

  it('keeps a budget for each origin, so that one in trouble does not use up the resends of another', async () => {
    const mock = mockHandler(Array.from({ length: 100 }, () => 503))
    const { api, settle } = rig(mock, {
      budget: ratioBudget({ minRequests: 0, minRetries: 1, ratio: 0 }),
      maxAttempts: 2,
    })
    const reasons: unknown[] = []
    for (const host of ['a', 'a', 'b']) {
      const response = await settle(api(`https://${host}.example.com/`))
      reasons.push(explain(response)?.reason)
    }
    expect(reasons).toEqual(['attempts-exhausted', 'budget-exhausted', 'attempts-exhausted'])
  })

  it('has a budget by default: an outage adds a tenth to the load, not two thirds', async () => {
    const mock = mockHandler(Array.from({ length: 400 }, () => 503))
    const { api, settle } = rig(mock, { budget: undefined as never, schedule: constant(0) })
    for (let i = 0; i < 200; i++) await settle(api(URL_1))
    expect(mock.count).toBeLessThan(200 * 1.2 + 20)
  })

  it('is named, labelled and multiplied in the print of a stack', () => {
    const stack = HandlerStack.create().push(retry({ maxAttempts: 4 }))
    expect(String(stack)).toMatch(/retry\(4 attempts, 1 transparent\)/)
    expect(String(stack)).toMatch(/fetch.*up to 4 times/)
    expect(stack.check().map(({ code }) => code)).toEqual(['missing'])
  })
})
