import type { SuiteCheck } from '../contract.ts'

/** What breaks a rule is a failure of its case, so it is only asked whether anything was checked. */
export const check: SuiteCheck = {
  check: ({ id, observation }) => {
    const passed = observation?.['passed']
    return Array.isArray(passed) && passed.length > 0 ? undefined : `${id}: nothing was checked.`
  },
}
