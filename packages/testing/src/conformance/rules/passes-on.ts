import { type Call, type FetchInput, HandlerStack, key } from '@fetchstack/handler-stack'
import type { Check, RuleChecks } from '../rule.ts'
import { canned, spy } from '../stage.ts'

// Of undici, Cloudflare, Next.js, Bun, Deno, and of nobody.
const runtimeFields = ['dispatcher', 'cf', 'next', 'proxy', 'tls', 'client', 'unknownField'] as const

export const passesOn: RuleChecks = {
  name: 'passes-on',
  asks: 'Fields of init that nobody here knows survive as the same objects, and next gets the call that came.',
  checks: ({ answersItself }) =>
    answersItself ? [] : [fields('a URL', (url) => url), fields('a Request', (url) => new Request(url)), call],
}

function fields(name: string, make: (url: string) => FetchInput): Check {
  return {
    name: `unknown fields of init beside ${name}`,
    run: async (stage) => {
      const next = canned()
      const init: Record<string, unknown> = { redirect: 'manual' }
      for (const field of runtimeFields) init[field] = { field }
      await stage.answer(stage.api(next)(make(stage.server.url), init), 'a call with unknown fields')
      const sent: Record<string, unknown> = next.passes.at(-1)?.request.init ?? {}
      const lost = Object.keys(init).filter((field) => sent[field] !== init[field])
      stage.check(
        lost.length === 0,
        `${lost.join(', ')} of init did not arrive as given: with them a proxy, a certificate or a cache rule is lost. ` +
          'Hand on the request itself, or a copy made by with(), withHeader() or withoutHeader().',
      )
    },
  }
}

const call: Check = {
  name: 'the call',
  run: async (stage) => {
    const mark = key<number>('kit')
    let given: Call | undefined
    const next = canned()
    const outer = spy((request, call) => {
      given = call
      call.set(mark, 1)
      return handler(request, call)
    })
    const handler = new HandlerStack(next).push(stage.make() as never, 'subject').resolve()
    const api = HandlerStack.create(outer).toFetch()
    await stage.answer(api(stage.server.url), 'a call')
    const got = next.passes.at(-1)?.call
    stage.check(
      got === given && got?.get(mark) === 1,
      'next got another call than the one that came: the values and the trail that layers share are cut. Pass call on: next(request, call).',
    )
  },
}
