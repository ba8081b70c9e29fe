import { type AnyMiddleware, type Handler, HandlerStack } from '@fetchstack/handler-stack'
import type { RuleChecks } from '../rule.ts'
import { canned, spy } from '../stage.ts'
import { changes } from './same-response.ts'

export const reEntrant: RuleChecks = {
  name: 're-entrant',
  asks: 'One middleware can stand in several stacks, several times in one, and be used by a call within a call.',
  checks: ({ answersItself }) => [
    {
      name: 'twice in one stack',
      run: async (stage) => {
        const middleware = stage.make()
        const inner = new HandlerStack().push(middleware as Middleware, 'inner')
        const next = spy()
        const api = stage.api(next, inner.unshift(middleware as Middleware, 'outer'))
        const response = await stage.answer(
          api(stage.server.script('200;body=hello')),
          'the same middleware twice in one stack',
        )
        const text = await stage.settled(response.text(), 'reading the body')
        if (!changes(stage.declared.changesResponse, 200))
          stage.check(text === 'hello', `the body is ${JSON.stringify(text)}.`)
        if (!answersItself) stage.check(next.passes.length === 1, `next was called ${next.passes.length} times.`)
      },
    },
    {
      name: 'in two stacks at once',
      run: async (stage) => {
        if (answersItself) return
        const middleware = stage.make()
        const ends = [canned(), canned()] as const
        const apis = ends.map((end) => stage.api(end, middleware))
        const calls = [0, 1, 1, 0, 1].map((which, index) => apis[which]!(`${stage.server.url}/${which}/${index}`))
        await stage.answer(
          Promise.all(calls).then(([first]) => first!),
          'one middleware in two stacks',
        )
        ends.forEach(({ passes }, which) => {
          const strayed = passes.filter(({ request }) => !request.url.includes(`/${which}/`))
          stage.check(
            strayed.length === 0 && passes.length === (which === 0 ? 2 : 3),
            'the calls of one stack reached the handler of the other: what wrap was given is kept outside of it.',
          )
        })
      },
    },
    {
      name: 'a call within a call',
      run: async (stage) => {
        const end = canned(async ({ url }) => {
          if (!url.endsWith('/outer')) return new Response('inner')
          return new Response(await (await api(`${stage.server.url}/inner`)).text())
        })
        const api = stage.api(end)
        await stage.answer(api(`${stage.server.url}/outer`), 'a call within a call')
      },
    },
  ],
}

type Middleware = Extract<AnyMiddleware, (next: Handler) => Handler>
