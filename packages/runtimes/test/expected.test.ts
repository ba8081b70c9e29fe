import { describe, expect, it } from 'vitest'
import { allForms, get, post } from '../src/behaviours/forms.ts'
import { groups } from '../src/behaviours/suite.ts'
import { compare } from '../src/expected/compare.ts'
import { deviations } from '../src/expected/deviations.ts'
import { courseOf, expectedOf } from '../src/expected/model.ts'
import { RUNTIMES } from '../src/runtimes.ts'

const putStream = allForms.find(({ name }) => name === 'put-stream')!

describe('what is expected', () => {
  it('is known of every case on every runtime', () => {
    for (const { name, forms } of groups) {
      for (const form of forms) {
        for (const runtime of RUNTIMES) {
          const { row, outcomes } = expectedOf(name, form, runtime)
          for (const outcome of outcomes) expect(courseOf(row, outcome, form).attempts).toBeLessThan(6)
        }
      }
    }
  })

  it('never sends a POST twice that may have been processed', () => {
    for (const runtime of RUNTIMES) {
      const { row, outcomes } = expectedOf('reset-before-headers', post, runtime)
      expect(courseOf(row, outcomes[0]!, post)).toMatchObject({ requests: 1, reason: 'unsafe-method' })
    }
  })

  it('never sends a stream twice', () => {
    expect(courseOf({}, 'unsent', putStream).steps).toEqual([
      'network network transient no any > give-up body-not-replayable',
    ])
  })

  it('is the outcome of the corpus for what has no deviation', () => {
    expect(courseOf({}, 'unsent', get).steps.map((step) => step.split(' > ')[1])).toEqual([
      'retry transparent',
      'retry network-unprocessed',
      'retry network-unprocessed',
      'give-up attempts-exhausted',
    ])
  })

  it('gives a reason for each deviation', () => {
    for (const { why } of deviations) expect(why).toMatch(/^[A-Z\w].*\.$/)
  })

  it('is not met by a second request of a POST', () => {
    const verdict = 'network network transient maybe idempotent'
    const seen = {
      error: {},
      sameError: true,
      attempts: [{ error: {}, verdict, decision: 'give-up unsafe-method' }],
      settled: true,
      reason: 'unsafe-method',
      requests: 1,
      methods: ['POST'],
      bytes: [14],
      whole: [true],
      authorized: [true],
      activeRequests: 0,
      leakedSockets: 0,
      listeners: 0,
    }
    expect(compare('reset-before-headers', post, 'node-26', seen)).toBeUndefined()
    expect(compare('reset-before-headers', post, 'node-26', { ...seen, requests: 2 })).toContain('.requests')
    expect(compare('reset-before-headers', post, 'node-26', { ...seen, listeners: 1 })).toContain('.listeners')
    expect(compare('reset-before-headers', post, 'node-26', { ...seen, leakedSockets: 1 })).toContain('.leakedSockets')
  })
})
