import { localServer } from '@fetchstack/testing/conformance'
import { describe, expect, it } from 'vitest'
import { check } from '../src/conformance/check.ts'
import { subjects } from '../src/conformance/first-party.ts'
import { suite } from '../src/conformance/suite.ts'
import type { CaseContext, CaseResult } from '../src/contract.ts'

describe.each(subjects)('$name', ({ name }) => {
  const cases = suite.cases.filter(({ id }) => id.endsWith(`/${name}`))

  it.each(cases)('keeps the rule "$group"', async ({ id, run }) => {
    const server = await localServer()
    try {
      const observation = await run({ server, runtime: 'node-26' } as CaseContext)
      expect(check.check({ id, observation }, 'node-26', () => undefined)).toBeUndefined()
    } finally {
      await server.close()
    }
  })
})

it('a case that checked nothing is a problem', () => {
  const result: CaseResult = { id: 'timers/nobody', observation: { passed: [] } }
  expect(check.check(result, 'node-26', () => undefined)).toBe('timers/nobody: nothing was checked.')
})

it('every case has an id of its own', () => {
  expect(new Set(suite.cases.map(({ id }) => id)).size).toBe(suite.cases.length)
})
