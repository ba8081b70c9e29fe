import { release } from '@fetchstack/handler-stack'
import { framing, type Input, imageOf, inputs as kinds, requestsTo } from '../inputs.ts'
import type { Check, RuleChecks } from '../rule.ts'

export const inputs: RuleChecks = {
  name: 'inputs',
  asks: 'Whatever fetch takes arrives as fetch itself would send it, byte for byte.',
  checks: () => kinds.map(check),
}

function check(input: Input): Check {
  const { kind, make, plain = make as NonNullable<Input['plain']> } = input
  return {
    name: kind,
    run: async (stage) => {
      const { server, declared } = stage
      const { changesRequest, refuses, answersItself, resends } = declared
      const url = server.script('200')
      if (refuses.includes(kind)) {
        await stage.rejection(stage.api()(...make(url)), `${kind}, which declares.refuses names`)
        stage.check((await requestsTo(stage, url)).length === 0, `${kind} was refused and sent all the same.`)
        return
      }
      const wanted = server.script('200')
      try {
        release(await globalThis.fetch(...plain(wanted)))
        // With another URL, a Request can only be made anew, and its body is a stream then.
        const [given] = make(wanted)
        if (changesRequest === true && given instanceof Request)
          release(await globalThis.fetch(new Request(wanted, given)))
      } catch {
        // Not every runtime takes every kind: Chromium has no stream over HTTP/1.1.
        return
      }
      const what = `${kind} as input (if it is refused on purpose: declare refuses: ['${kind}'])`
      release(await stage.answer(stage.api()(...make(url)), what))
      const [seen] = await requestsTo(stage, url)
      const [expected] = await requestsTo(stage, wanted)
      if (seen === undefined && answersItself) return
      if (seen === undefined || expected === undefined) return stage.fail(`${kind} did not arrive.`)
      if (changesRequest === true) return
      const without = changesRequest === false ? [] : changesRequest.map((name) => name.toLowerCase())
      if (resends !== undefined && kind === 'Request with a body') without.push(...framing)
      const [got, bare] = [imageOf(seen, without), imageOf(expected, without)]
      stage.check(got === bare, `${kind} arrived as ${got}; fetch itself sends ${bare}.`)
    },
  }
}
