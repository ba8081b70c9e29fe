import { fetchHandler, type Handler } from '@fetchstack/handler-stack'
import type { Check, RuleChecks } from '../rule.ts'
import { nameError } from '../stage.ts'

export const syncThrow: RuleChecks = {
  name: 'sync-throw',
  asks: 'What throws at once, a handler or a fetch, ends as a rejection with that very error.',
  checks: ({ answersItself }) =>
    answersItself
      ? []
      : [
          check('a handler that throws', (error) => () => {
            throw error
          }),
          check('a fetch that throws', (error) =>
            fetchHandler(() => {
              throw error
            }),
          ),
        ],
}

function check(name: string, make: (error: Error) => Handler): Check {
  return {
    name,
    run: async (stage) => {
      const error = new Error('the kit lets it throw')
      const api = stage.api(make(error))
      let call: Promise<Response>
      try {
        call = api(stage.server.url)
      } catch (thrown) {
        return stage.fail(`the call threw ${nameError(thrown)} instead of being rejected.`, thrown)
      }
      const rejected = await stage.rejection(call, name)
      stage.check(
        chain(rejected).includes(error),
        `it was rejected with ${nameError(rejected)}; what was thrown is neither that nor its cause.`,
      )
    },
  }
}

/** An error and its causes. */
function chain(error: unknown): unknown[] {
  const errors: unknown[] = []
  for (let one = error; one !== undefined && one !== null && !errors.includes(one); one = (one as Error).cause)
    errors.push(one)
  return errors
}
