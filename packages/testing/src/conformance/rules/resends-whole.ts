import { release } from '@fetchstack/handler-stack'
import { framing, type Input, imageOf, inputs, requestsTo } from '../inputs.ts'
import type { Check, RuleChecks } from '../rule.ts'
import { canned } from '../stage.ts'

export const resendsWhole: RuleChecks = {
  name: 'resends-whole',
  asks: 'What is sent again is sent whole: the same method, headers and body. What can not be is not sent. Nobody is surprised by a resend.',
  checks: ({ resends, refuses, changesRequest }) => {
    if (resends === undefined) return [once]
    return changesRequest === true
      ? []
      : inputs.filter(({ kind }) => !refuses.includes(kind)).map((input) => check(input, resends))
  },
}

const once: Check = {
  name: 'nothing is sent again',
  run: async (stage) => {
    for (const method of ['GET', 'POST']) {
      for (const status of [200, 401, 404, 408, 429, 500, 503, 0]) {
        const next = canned(() => {
          if (status === 0) throw new TypeError('fetch failed', { cause: new Error('the kit lets it fail') })
          return new Response(null, { status, headers: { 'retry-after': '0' } })
        })
        const outcome = status === 0 ? 'a failure on the network' : `status ${status}`
        const call = stage.api(next)(stage.server.url, { method })
        await stage.settled(
          call.then(release, () => {}),
          `${method}, with ${outcome}`,
        )
        const sent = next.passes.length
        stage.check(
          sent < 2,
          `a ${method} was sent ${sent} times upon ${outcome}. If that is meant: declare resends: '${status || 'reset'}'.`,
        )
      }
    }
  },
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
