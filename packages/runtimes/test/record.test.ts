import { describe, expect, it } from 'vitest'
import type { CaseResult } from '../src/contract.ts'
import { fromCases } from '../src/record/record-errors.ts'
import { recordedOf } from '../src/record/recorded.ts'

const before = recordedOf('node-26')
const refused = { name: 'TypeError', message: 'fetch failed', classes: ['TypeError', 'Error'] }

describe('what is recorded of a situation', () => {
  it('is what the runtime threw', () => {
    const cases: CaseResult[] = [{ id: 'refused/get', observation: { attempts: [{ error: refused }] } }]
    expect(fromCases('node-26', cases, before)['refused']).toEqual({ error: refused })
  })

  it('is that it throws nothing, when it did not', () => {
    const cases: CaseResult[] = [{ id: 'refused/get', observation: { attempts: [{ status: 200 }] } }]
    expect(fromCases('node-26', cases, before)['refused']).toEqual({ absent: 'The runtime throws nothing here.' })
  })

  it.each<[string, CaseResult]>([
    ['the case failed', { id: 'refused/get', failure: 'not done within 15 s' }],
    ['this machine can not arrange it', { id: 'refused/get', observation: { unavailable: 'stalledUrl' } }],
  ])('stays as it is when %s', (_, result) => {
    expect(fromCases('node-26', [result], before)).not.toHaveProperty('refused')
  })

  it('stays as it is when it was not run', () => {
    expect(fromCases('node-26', [], before)).not.toHaveProperty('refused')
  })
})
