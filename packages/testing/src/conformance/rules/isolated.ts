import type { RuleChecks } from '../rule.ts'
import { canned, nameError, turn } from '../stage.ts'

export const isolated: RuleChecks = {
  name: 'isolated',
  asks: 'Nothing of one call is left for the next: no header, no body, no field, no signal.',
  checks: () => [
    {
      name: 'the next call has nothing of the one before',
      run: async (stage) => {
        const next = canned()
        const api = stage.api(next)
        const controller = new AbortController()
        const field = { of: 'the first call' }
        const first = {
          method: 'PUT',
          body: 'of the first',
          headers: { 'x-kit-first': '1' },
          signal: controller.signal,
        }
        await stage.answer(
          api(`${stage.server.url}/first`, { ...first, kitField: field } as RequestInit),
          'a first call',
        )
        await stage.answer(api(`${stage.server.url}/second`), 'a second call')
        const request = next.passes.find(({ request }) => request.url.includes('/second'))?.request
        if (request === undefined) {
          stage.check(stage.declared.answersItself === true, 'the second call did not reach next with its URL.')
          return
        }
        const left = [
          request.header('x-kit-first') !== undefined && 'a header',
          request.body !== undefined && request.body !== null && 'a body',
          request.init?.['kitField'] !== undefined && 'a field of init',
          request.signal === controller.signal && 'a signal',
        ].filter((what) => what !== false)
        stage.check(left.length === 0, `the second call was sent with ${left.join(', ')} of the first.`)
      },
    },
    {
      name: 'the abort of one call is none of another',
      run: async (stage) => {
        const ends: (() => void)[] = []
        const next = canned(
          ({ signal }) =>
            new Promise((resolve, reject) => {
              ends.push(() => resolve(new Response('ok')))
              signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
            }),
        )
        const api = stage.api(next)
        const controllers = [new AbortController(), new AbortController()] as const
        const [first, second] = controllers.map(({ signal }, index) => api(`${stage.server.url}/${index}`, { signal }))
        const other = second!.then(
          () => undefined,
          (error: unknown) => ({ error }),
        )
        await turn(1)
        controllers[0].abort()
        await stage.settled(
          first!.catch(() => {}),
          'a call that was aborted',
        )
        for (const end of ends) end()
        const failed = await stage.settled(other, 'a call while another one was aborted')
        if (failed) stage.fail(`the abort of one call ended another: ${nameError(failed.error)}.`, failed.error)
      },
    },
  ],
}
