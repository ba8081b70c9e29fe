import { OptionError } from '@fetchstack/options'
import { describe, expect, it } from 'vitest'
import { mayResend, type PolicyOptions, policy, ratioBudget, type Statuses } from '../src/index.ts'

describe('policy', () => {
  it('has the documented defaults', () => {
    const { schedule, throttledSchedule, budget, ...rest } = policy()
    expect(rest).toEqual({
      maxAttempts: 3,
      idempotentMethods: ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY'],
      maxServerDelay: 60_000,
      spread: 0.1,
      transparentRetries: 1,
      statuses: {},
      rules: [],
    })
    const most = () => 1 - Number.EPSILON
    expect([1, 2, 3, 9].map((retry) => Math.round(schedule(retry, 0, most)))).toEqual([100, 200, 400, 20_000])
    expect([1, 2, 3, 9].map((retry) => Math.round(throttledSchedule(retry, 0, most)))).toEqual([
      1000, 2000, 4000, 20_000,
    ])
    expect(schedule(5, 0, () => 0)).toBe(0)
    expect(budget && budget.name).toBe('ratio(0.1, 10 s)')
  })

  it('is frozen, and keeps no list that the caller can change', () => {
    const rules = [() => 'stop' as const]
    const add = [404]
    const made = policy({ rules, statuses: { add, remove: undefined } as unknown as Statuses })
    rules.pop()
    add.pop()
    expect(made.rules).toHaveLength(1)
    expect(made.statuses).toEqual({ add: [404] })
    for (const part of [made, made.rules, made.idempotentMethods, made.statuses, made.statuses.add]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })

  it('gives back a policy that was made already', () => {
    const made = policy({ maxAttempts: 7 })
    expect(policy(made)).toBe(made)
  })

  it('can be spread into the next one', () => {
    const base = policy({ maxServerDelay: 5, statuses: { remove: [500] }, rules: [() => undefined], budget: false })
    const next = policy({ ...base, maxAttempts: 5 })
    expect(next).toEqual({ ...base, maxAttempts: 5 })
    expect(next).not.toBe(base)
    expect(() => policy({ ...base, maxAttempts: -1 })).toThrow(OptionError)
  })

  it('takes one given schedule for throttled outcomes too, unless they have one of their own', () => {
    const linear = (retry: number) => 2000 * retry
    const slow = () => 9000
    expect(policy({ schedule: linear }).throttledSchedule).toBe(linear)
    expect(policy({ schedule: linear, throttledSchedule: slow }).throttledSchedule).toBe(slow)
    expect(policy({ throttledSchedule: slow }).schedule).not.toBe(slow)
  })

  it('writes methods in upper case', () => {
    expect(policy({ idempotentMethods: ['get', 'PUT'] }).idempotentMethods).toEqual(['GET', 'PUT'])
  })

  it('says what is wrong, and for whom', () => {
    expect(() => policy({ maxAttempts: 0 }, 'retry')).toThrow(
      'retry: maxAttempts must be a whole number of at least 1, got 0.',
    )
    expect(() => policy({ maxAttempt: 3 } as PolicyOptions)).toThrow('Did you mean "maxAttempts"?')
  })

  it.each<[string, unknown]>([
    ['maxAttempts', { maxAttempts: 0 }],
    ['maxAttempts', { maxAttempts: 2.5 }],
    ['maxAttempts', { maxAttempts: Number.NaN }],
    ['maxAttempts', { maxAttempts: '3' }],
    ['maxAttempts', { maxAttempts: null }],
    ['schedule', { schedule: 100 }],
    ['schedule(1)', { schedule: () => Number.NaN }],
    ['schedule(1)', { schedule: () => -1 }],
    ['throttledSchedule(1)', { throttledSchedule: () => '1' }],
    ['idempotentMethods', { idempotentMethods: 'GET' }],
    ['idempotentMethods[1]', { idempotentMethods: ['GET', ''] }],
    ['idempotentMethods[0]', { idempotentMethods: [1] }],
    ['maxServerDelay', { maxServerDelay: -1 }],
    ['maxServerDelay', { maxServerDelay: Number.NaN }],
    ['spread', { spread: 1.1 }],
    ['spread', { spread: -0.1 }],
    ['transparentRetries', { transparentRetries: 11 }],
    ['transparentRetries', { transparentRetries: 0.5 }],
    ['statuses.only', { statuses: { only: 503 } }],
    ['statuses.only[0]', { statuses: { only: ['503'] } }],
    ['statuses.add[1]', { statuses: { add: [404, 200] } }],
    ['statuses.remove[0]', { statuses: { remove: [5030] } }],
    ['statuses.remove[0]', { statuses: { add: [500, 503], remove: [503] } }],
    ['statuses.add[0]', { statuses: { only: [503], add: [503] } }],
    ['removed', { statuses: { removed: [503] } }],
    ['', { statuses: [503] }],
    ['', { statuses: null }],
    ['budget', { budget: true }],
    ['budget', { budget: null }],
    ['budget', { budget: 0.1 }],
    ['budget', { budget: ratioBudget }],
    ['budget', { budget: {} }],
    ['budget', { budget: { ...ratioBudget(), reduce: 1 } }],
    ['budget', { budget: { ...ratioBudget(), allows: undefined } }],
    ['rules', { rules: () => 'stop' }],
    ['rules[1]', { rules: [() => 'stop', 'stop'] }],
    ['retires', { retires: 3 }],
    ['', 3],
    ['', null],
    ['', []],
  ])('rejects a wrong %s: %o', (option, options) => {
    expect(() => policy(options as PolicyOptions)).toThrow(expect.objectContaining({ name: 'OptionError', option }))
  })

  it.each<[string, unknown]>([
    ['budget must be a budget (it lacks initial) or false, got a function.', { budget: ratioBudget }],
    ['budget must be a budget (it lacks allows) or false, got an object.', { budget: { ...ratioBudget(), allows: 1 } }],
    ['rules must be an array, got a function.', { rules: () => 'stop' }],
    ['idempotentMethods[0] must be a method name, like "PUT", got "".', { idempotentMethods: [''] }],
  ])('says what is wrong: %s', (message, options) => {
    expect(() => policy(options as PolicyOptions)).toThrow(`policy: ${message}`)
  })

  it('takes the default for an option that is undefined', () => {
    expect(policy({ maxAttempts: undefined, schedule: undefined } as unknown as PolicyOptions).maxAttempts).toBe(3)
  })

  it('takes the limits of each option', () => {
    const widest = { maxAttempts: Infinity, maxServerDelay: Infinity, spread: 1, transparentRetries: 10 }
    expect(policy(widest)).toMatchObject(widest)
    const narrowest = { maxAttempts: 1, maxServerDelay: 0, spread: 0, transparentRetries: 0, statuses: { only: [] } }
    expect(policy(narrowest)).toMatchObject(narrowest)
  })
})

describe('mayResend', () => {
  it.each([
    [3, 'free', true],
    [3, 'clone', true],
    [3, 'never', false],
    [1, 'free', false],
    [1, 'clone', false],
  ] as const)('with %d attempts and a %s body: %s', (maxAttempts, replay, may) => {
    expect(mayResend(policy({ maxAttempts }), { method: 'POST', replay })).toBe(may)
  })
})
