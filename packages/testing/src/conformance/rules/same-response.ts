import { release } from '@fetchstack/handler-stack'
import type { Check, RuleChecks } from '../rule.ts'
import { spy } from '../stage.ts'

export const sameResponse: RuleChecks = {
  name: 'same-response',
  asks: 'What was not changed is given back as the same object.',
  checks: ({ changesResponse }) => [200, 204, 404].filter((status) => !changes(changesResponse, status)).map(check),
}

/** Whether a middleware says that it changes responses of this status. The other rules look at 200. */
export function changes(declared: boolean | readonly number[], status: number): boolean {
  return typeof declared === 'boolean' ? declared : declared.includes(status)
}

function check(status: number): Check {
  return {
    name: `status ${status}`,
    run: async (stage) => {
      const next = spy()
      const what = `status ${status} (if it is meant to change: declare changesResponse: [${status}])`
      const response = await stage.answer(stage.api(next)(stage.server.script(String(status))), what)
      const last = next.passes.at(-1)
      release(response)
      if (last === undefined && stage.declared.answersItself) return
      stage.check(
        response === last?.response,
        `${what}: the caller got another object than next gave. Return what next gave.`,
      )
    },
  }
}
