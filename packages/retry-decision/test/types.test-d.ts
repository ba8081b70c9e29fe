import { describe, expectTypeOf, it } from 'vitest'
import {
  allowIf,
  type Budget,
  type Condition,
  category,
  type Decision,
  type Policy,
  type PolicyOptions,
  policy,
  type Reason,
  type RetryReason,
  type Rule,
  retryIf,
  type StopReason,
  status,
} from '../src/index.ts'

describe('policy', () => {
  it('takes any part of a policy, and a policy', () => {
    expectTypeOf<Policy>().toExtend<PolicyOptions>()
    expectTypeOf(policy({ maxAttempts: 3, budget: false, statuses: { add: [404] } })).toEqualTypeOf<Policy>()
    policy({ ...policy(), maxAttempts: 5 })
  })

  it('does not compile with what can be seen to be wrong', () => {
    expectTypeOf(policy).parameter(0).toEqualTypeOf<PolicyOptions | undefined>()
    // @ts-expect-error unknown option
    policy({ maxAttempt: 3 })
    // @ts-expect-error a number is no schedule
    policy({ schedule: 100 })
    // @ts-expect-error `true` is no budget
    policy({ budget: true })
    // @ts-expect-error rules are a list
    policy({ rules: () => 'stop' })
    // @ts-expect-error a rule does not answer with a boolean
    policy({ rules: [() => true] })
    // @ts-expect-error no such list
    policy({ statuses: { removed: [500] } })
  })

  it('can not be changed', () => {
    const made = policy()
    // @ts-expect-error read-only
    made.maxAttempts = 5
    // @ts-expect-error read-only
    made.rules.push(() => 'stop')
    expectTypeOf(made.budget).toEqualTypeOf<Budget | false>()
  })
})

describe('rules and conditions', () => {
  it('fit together', () => {
    expectTypeOf(status(429, [500, 599])).toEqualTypeOf<Condition>()
    expectTypeOf(retryIf(status(503))).toEqualTypeOf<Rule>()
    expectTypeOf(allowIf(({ request }) => request.method === 'POST')).toEqualTypeOf<Rule>()
    // @ts-expect-error a condition is made by calling it
    retryIf(category)
    // @ts-expect-error no such category
    category('redirects')
    // @ts-expect-error a range has two ends
    status([500])
  })
})

describe('Decision', () => {
  it('has a reason from a closed list', () => {
    expectTypeOf<Decision['reason']>().toEqualTypeOf<Reason>()
    expectTypeOf<Reason>().toEqualTypeOf<StopReason | RetryReason>()
    expectTypeOf<Decision['action']>().toEqualTypeOf<'accept' | 'retry' | 'give-up'>()
  })
})
