import type { Observation, SuiteCheck } from '../contract.ts'
import { difference } from '../difference.ts'

const both = (value: unknown): Observation => ({ 'no middleware': value, 'pass-through': value })

const EXPECTED: Readonly<Record<string, Observation>> = {
  statics: { missing: [] },
  'upload-stream': both({ untouched: true, pulled: 1 }),
  'download-stream': both({ own: true, before: 0, after: 1, cancelled: 'enough' }),
}

export const check: SuiteCheck = {
  check: ({ id, observation }) => {
    const differences = observation?.['differences'] as readonly string[] | undefined
    if (differences !== undefined && differences.length > 0) return differences.join('\n\n')
    return difference(EXPECTED[id] ?? { compared: true, differences: [] }, observation)
  },
}
