import { Call, type Handler, HandlerStack, HttpRequest, release } from '@fetchstack/handler-stack'
import type { RuleChecks } from '../rule.ts'
import { canned, type Stage } from '../stage.ts'

// Failures in a row, for what counts them, and successes after that.
const answers = [503, 503, 503, 503, 200, 200] as const

export const state: RuleChecks = {
  name: 'state',
  asks: 'State belongs to the factory: it is the same however often the middleware is wrapped around a handler.',
  checks: (_, fresh) =>
    fresh
      ? [
          {
            name: 'wrapped once, and wrapped anew for each call',
            run: async (stage) => {
              const once = await play(stage, false)
              const again = await play(stage, false)
              const anew = await play(stage, true)
              // What differs from run to run by itself, such as a random id, tells nothing.
              const index = once.findIndex((image, at) => image === again[at] && image !== anew[at])
              stage.check(
                index < 0,
                `call ${index + 1} of ${answers.length} went otherwise when the middleware was wrapped anew for it: ${anew[index]} instead of ` +
                  `${once[index]}. A stack is resolved more than once: keep state in the factory, outside of (next) => ...`,
              )
            },
          },
        ]
      : [],
}

/** What came of each call, as far as it can be seen from outside. */
async function play(stage: Stage, anew: boolean): Promise<readonly string[]> {
  const middleware = stage.make()
  const images: string[] = []
  let status = 200
  let handler: Handler | undefined
  let next = canned(() => new Response(null, { status }))
  const end: Handler = (request, call) => next(request, call)
  for (status of answers) {
    next = canned(() => new Response(null, { status }))
    if (anew || handler === undefined) handler = new HandlerStack(end).push(middleware as never, 'subject').resolve()
    const request = HttpRequest.from(stage.server.url)
    const outcome = await stage.settled(send(handler, request), `a call that is answered with ${status}`)
    const sent = next.passes.map(({ request }) => [...new Headers(request.headers)].map(([name]) => name))
    images.push(
      `${outcome}, ${next.passes.length} requests with the headers [${sent.join('], [')}]${values(next.passes)}`,
    )
  }
  return images
}

/** The values by a number only: they may be credentials. */
function values(passes: readonly { readonly request: HttpRequest }[]): string {
  let hash = 0
  for (const { request } of passes) {
    for (const character of JSON.stringify([request.url, [...new Headers(request.headers)]])) {
      hash = (hash * 31 + character.codePointAt(0)!) % 1_000_003
    }
  }
  return ` (sum ${hash})`
}

async function send(handler: Handler, request: HttpRequest): Promise<string> {
  try {
    const response = await handler(request, new Call())
    release(response)
    return `status ${response.status}`
  } catch (error) {
    return `rejected with ${String((error as Error | undefined)?.name)}`
  }
}
