import type { Check, RuleChecks } from '../rule.ts'
import { canned, type Stage, turn } from '../stage.ts'
import { countTimers } from '../timer-count.ts'

export const timers: RuleChecks = {
  name: 'timers',
  asks: 'When a call is over and its body is read, no timer of it is left.',
  checks: ({ answersItself }) => [
    check('a call that succeeds', async (stage) => {
      const response = await stage.answer(stage.api(canned())(stage.server.url), 'a call')
      await stage.settled(response.text(), 'reading the body')
    }),
    check('a call that fails', async (stage) => {
      const next = canned(() => {
        throw new Error('the kit lets it fail')
      })
      await stage.settled(
        stage
          .api(next)(stage.server.url)
          .catch(() => {}),
        'a call that fails',
      )
    }),
    ...(answersItself ? [] : [check('a call that is aborted', aborted)]),
  ],
}

async function aborted(stage: Stage): Promise<void> {
  const controller = new AbortController()
  const next = canned(
    ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      }),
  )
  const call = stage.api(next)(stage.server.url, { signal: controller.signal })
  call.catch(() => {})
  await turn(1)
  controller.abort()
  await stage.rejection(call, 'a call that is aborted')
}

function check(name: string, scenario: (stage: Stage) => Promise<void>): Check {
  return {
    name,
    run: async (stage) => {
      const timers = countTimers()
      try {
        await scenario(stage)
        for (let turns = 0; turns < 3 && timers.pending.length > 0; turns++) await turn()
        const { pending } = timers
        stage.check(
          pending.length === 0,
          `after ${name}, timers are left: ${pending.map((delay) => `one of ${delay} ms`).join(', ')}. Clear them when the call is over.`,
        )
      } finally {
        timers.stop()
      }
    },
  }
}
