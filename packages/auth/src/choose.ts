import type { HttpRequest } from '@fetchstack/handler-stack'
import { remember } from './remember.ts'
import type { AuthContext, AuthScheme } from './scheme.ts'

/** Several schemes as one, and which challenges of an origin it answers. */
export interface Choice {
  readonly scheme: AuthScheme
  readonly answers: (origin: string) => readonly string[]
}

/**
 * Chooses a scheme by the server's challenge: the first of the list that it offers. The choice is remembered per origin (1,000 of
 * them), and only an earlier scheme takes its place, never a later one: who takes the stronger challenge away may be somebody in
 * between (RFC 7616 §5).
 *
 * @param schemes - Strongest first.
 */
// @__NO_SIDE_EFFECTS__
export function choose(schemes: readonly AuthScheme[]): Choice {
  const choices = new Map<string, number>()
  const allowed = (origin: string): readonly AuthScheme[] => schemes.slice(0, (choices.get(origin) ?? Infinity) + 1)
  const collect = (part: 'headers' | 'query'): readonly string[] => schemes.flatMap(({ writes }) => writes[part] ?? [])

  async function* flow(request: HttpRequest, context: AuthContext): AsyncGenerator<HttpRequest, void, Response> {
    const { origin, challenges, record } = context
    const pick = (response: Response): number => {
      if (response.status !== 401) return -1
      const offered = challenges(response).map(({ scheme }) => scheme)
      return allowed(origin).findIndex((scheme) => namesOf(scheme).some((name) => offered.includes(name)))
    }
    let response: Response | undefined
    let index = choices.get(origin)
    // A body that can be sent once is not spent on asking what is wanted.
    if (index === undefined && request.replay === 'never') index = 0
    if (index === undefined) {
      response = yield request
      index = pick(response)
      if (index < 0) return
    }
    for (;;) {
      const scheme = schemes[index]!
      if (response !== undefined) {
        remember(choices, origin, index)
        record('chosen', scheme.name)
      }
      const steps = scheme.flow?.(request, context) ?? once(scheme, request, context)
      try {
        let step = await steps.next()
        // What is unchanged has been sent: its answer is here.
        if (response !== undefined && step.value === request) step = await steps.next(response)
        while (step.done !== true) {
          response = yield step.value
          step = await steps.next(response)
        }
      } finally {
        steps.return().catch(() => {})
      }
      if (response === undefined) return
      const better = pick(response)
      if (better < 0 || (better >= index && choices.has(origin))) return
      index = better
    }
  }

  const scheme: AuthScheme = {
    name: [...new Set(schemes.map(({ name }) => name))].join('|'),
    writes: { headers: collect('headers'), query: collect('query') },
    flow,
  }
  return { scheme, answers: (origin) => allowed(origin).flatMap(namesOf) }
}

/** The schemes of the challenges that it answers. */
export function namesOf({ name, answers = [name] }: AuthScheme): readonly string[] {
  return answers
}

async function* once(
  scheme: AuthScheme,
  request: HttpRequest,
  context: AuthContext,
): AsyncGenerator<HttpRequest, void, Response> {
  yield await scheme.authorize!(request, context)
}
