import { seededRandom } from '@fetchstack/backoff'
import { describe, expect, it } from 'vitest'
import { type Budget, decide, policy, ratioBudget, successThrottle, tokenBucket } from '../src/index.ts'
import { facts, verdicts } from './facts.ts'

const CALLS = 20_000

/** Calls at 100 a second, each attempt of which fails with probability `p`: attempts per call, and the share that succeeds. */
function load(budget: Budget | false, p: number): { readonly attempts: number; readonly success: number } {
  const random = seededRandom(42)
  const made = policy({ budget, schedule: () => 0 })
  let state = budget === false ? {} : budget.initial(0)
  let attempts = 0
  let succeeded = 0
  for (let call = 0; call < CALLS; call++) {
    const at = call * 10
    const { category } = verdicts.unavailable
    const tell = (type: 'request' | 'success' | 'failure' | 'retry', retried = false) => {
      if (budget) state = budget.reduce(state, { type, at, category, ...(retried && { retried: category }) })
    }
    tell('request')
    for (let attempt = 1; ; attempt++) {
      attempts++
      if (random() >= p) {
        succeeded++
        tell('success', attempt > 1)
        break
      }
      tell('failure')
      if (decide(made, facts(verdicts.unavailable, { attempt, now: at, budget: state, random })).action !== 'retry')
        break
      tell('retry')
    }
  }
  return { attempts: attempts / CALLS, success: succeeded / CALLS }
}

const budgets = {
  none: false,
  ratio: ratioBudget(),
  'AWS before': tokenBucket({ costs: { transient: 5 } }),
  'AWS 2026': tokenBucket(),
  gRPC: successThrottle(),
} as const

describe('attempts per call and successes, by the share of failing attempts', () => {
  it.each<[keyof typeof budgets, number, number, number]>([
    ['none', 0.1, 1.11, 0.999],
    ['none', 0.3, 1.39, 0.973],
    ['none', 0.5, 1.75, 0.875],
    ['none', 0.9, 2.71, 0.271],
    ['none', 1, 3, 0],
    ['ratio', 0.1, 1.1, 0.991],
    ['ratio', 0.3, 1.1, 0.77],
    ['ratio', 0.5, 1.1, 0.55],
    ['ratio', 0.9, 1.1, 0.11],
    ['ratio', 1, 1.1, 0],
    ['AWS before', 0.1, 1.11, 0.999],
    ['AWS before', 0.3, 1.39, 0.973],
    ['AWS before', 0.5, 1.2, 0.601],
    ['AWS before', 0.9, 1.02, 0.1],
    ['AWS before', 1, 1, 0],
    ['AWS 2026', 0.1, 1.11, 0.999],
    ['AWS 2026', 0.3, 1.17, 0.817],
    ['AWS 2026', 0.5, 1.07, 0.536],
    ['AWS 2026', 0.9, 1.01, 0.1],
    ['AWS 2026', 1, 1, 0],
    ['gRPC', 0.1, 1.02, 0.919],
    ['gRPC', 0.3, 1, 0.699],
    ['gRPC', 0.5, 1, 0.5],
    ['gRPC', 0.9, 1, 0.1],
    ['gRPC', 1, 1, 0],
  ])('%s at %d: %d and %d', (name, p, attempts, success) => {
    const seen = load(budgets[name], p)
    expect(Math.abs(seen.attempts - attempts)).toBeLessThan(0.015)
    expect(Math.abs(seen.success - success)).toBeLessThan(0.015)
  })
})
