import { requestsTo } from '../inputs.ts'
import type { RuleChecks } from '../rule.ts'
import { changes } from './same-response.ts'

const CALLS = 50

export const concurrent: RuleChecks = {
  name: 'concurrent',
  asks: 'Many calls at once do not get into each other: each has its own request and its own response.',
  checks: ({ changesRequest, changesResponse, answersItself, refuses }) => [
    {
      name: `${CALLS} calls at once`,
      run: async (stage) => {
        const { server } = stage
        const api = stage.api()
        const withBody = !refuses.includes('text')
        const calls = Array.from({ length: CALLS }, async (_, index) => {
          const url = server.script(`200;body=answer-${index};delay=${(index % 5) * 2}`)
          const init = {
            method: 'PUT',
            headers: { 'x-kit': `call-${index}` },
            ...(withBody && { body: `body-${index}` }),
          }
          const response = await stage.answer(api(url, init), `call ${index} of ${CALLS} at once`)
          return { url, text: await stage.settled(response.text(), `reading the body of call ${index}`) }
        })
        const answers = await Promise.all(calls)
        for (const [index, { url, text }] of answers.entries()) {
          if (!changes(changesResponse, 200)) {
            stage.check(
              text === `answer-${index}`,
              `call ${index} got ${JSON.stringify(text)}: the answer to another call.`,
            )
          }
          const seen = await requestsTo(stage, url)
          if (answersItself && seen.length === 0) continue
          stage.check(seen.length === 1, `call ${index} was sent ${seen.length} times.`)
          if (changesRequest === true) continue
          const { headers, text: body } = seen[0]!
          stage.check(
            headers['x-kit'] === `call-${index}` && (!withBody || body === `body-${index}`),
            `call ${index} was sent with ${headers['x-kit']} and ${JSON.stringify(body)}: those of another call.`,
          )
        }
      },
    },
  ],
}
