import { release } from '@fetchstack/handler-stack'
import { framing, type Input, imageOf, inputs, requestsTo } from '../inputs.ts'
import type { Check, RuleChecks } from '../rule.ts'

export const resendsWhole: RuleChecks = {
  name: 'resends-whole',
  asks: 'What is sent again is sent whole: the same method, headers and body. What can not be is not sent.',
  checks: ({ resends, refuses, changesRequest }) =>
    resends === undefined || changesRequest === true
      ? []
      : inputs.filter(({ kind }) => !refuses.includes(kind)).map((input) => check(input, resends)),
}

function check({ kind, make, plain = make as NonNullable<Input['plain']> }: Input, step: string): Check {
  return {
    name: `${kind} after ${step}`,
    run: async (stage) => {
      const { server, declared } = stage
      const bare = server.script('200')
      try {
        release(await globalThis.fetch(...plain(bare)))
      } catch {
        // Not every runtime takes every kind.
        return
      }
      const url = server.script(`${step},200`)
      try {
        release(await stage.settled(stage.api()(...make(url)), `${kind} that is answered with ${step}`))
      } catch (error) {
        // It gave up, which is allowed where it can't be sent again; what it sent is looked at below.
        if ((error as Error).name === 'ConformanceError') throw error
      }
      const seen = await requestsTo(stage, url)
      if (kind === 'string') stage.check(seen.length > 1, `declares.resends is "${step}", but nothing was sent again.`)
      const names = declared.changesRequest === false ? [] : (declared.changesRequest as readonly string[])
      const without = [...names.map((name) => name.toLowerCase()), ...(kind === 'Request with a body' ? framing : [])]
      const [expected] = await requestsTo(stage, bare)
      for (const [index, request] of seen.entries()) {
        const [got, wanted] = [imageOf(request, without), imageOf(expected!, without)]
        stage.check(got === wanted, `${kind} arrived as ${got} in attempt ${index + 1}; fetch itself sends ${wanted}.`)
      }
    },
  }
}
