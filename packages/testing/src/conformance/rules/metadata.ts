import { release } from '@fetchstack/handler-stack'
import type { RuleChecks } from '../rule.ts'
import { spy } from '../stage.ts'

const kept = ['url', 'redirected', 'type', 'status'] as const

export const metadata: RuleChecks = {
  name: 'metadata',
  asks: 'url, redirected and type of a response stay, also where its body is wrapped.',
  checks: ({ refuses }) => [
    {
      name: refuses.includes('redirect') ? 'of an answer' : 'after a redirect',
      run: async (stage) => {
        const { server } = stage
        const next = spy()
        const target = server.script('200')
        const url = refuses.includes('redirect') ? target : server.script(`302;location=${encodeURIComponent(target)}`)
        const what = "a redirect (if it is refused on purpose: declare refuses: ['redirect'])"
        const response = await stage.answer(stage.api(next)(url), what)
        release(response)
        const given = next.passes.at(-1)?.response
        if (given === undefined && stage.declared.answersItself) return
        const lost = kept.filter((field) => response[field] !== given?.[field])
        stage.check(
          lost.length === 0,
          `the response lost ${lost.map((field) => `${field} (${given?.[field]}, now "${response[field]}")`).join(', ')}. ` +
            'new Response(body, response) does not keep them: return the response itself, or define them on the new one.',
        )
      },
    },
  ],
}
