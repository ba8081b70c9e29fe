import { type Call, type HttpRequest, release } from '@fetchstack/handler-stack'
import { Context, type Surroundings } from './context.ts'
import { AuthError } from './errors.ts'
import type { Authorise, Send } from './layer.ts'
import type { AuthContext, AuthScheme } from './scheme.ts'
import { untilAborted } from './until-aborted.ts'

/** How a flow is run. */
export interface FlowSettings {
  readonly maxRounds: number
  readonly replay: 'auto' | 'buffer' | 'never'
  readonly unanswered: 'pass' | 'error'
  /** The schemes of the challenges that may be answered, in lower case. */
  readonly answers: (origin: string) => readonly string[]
}

/** By the scheme's `authorize`. */
export function authorising(scheme: AuthScheme, send: Send, around: Surroundings): Authorise {
  return (request, call, origin) => {
    const sendOn = (authorised: HttpRequest): Promise<Response> => {
      checkOrigin(authorised, origin, scheme, request)
      return send(authorised, call, request)
    }
    const authorised = scheme.authorize!(request, new Context(around, origin, request, call))
    return 'then' in authorised ? untilAborted(authorised, request.signal).then(sendOn) : sendOn(authorised)
  }
}

/**
 * Runs the flow of a scheme: sends what it yields and hands it what comes back, until it returns, `maxRounds` requests were sent, or
 * the body can't be sent again. Then the last response stands, whatever its status.
 */
export function flowing(scheme: AuthScheme, send: Send, around: Surroundings, settings: FlowSettings): Authorise {
  const { maxRounds, replay } = settings
  return async function flow(original: HttpRequest, call: Call, origin: string): Promise<Response> {
    const context = new Context(around, origin, original, call)
    const request =
      replay === 'buffer' && original.replay !== 'free' ? (await context.bytes(original)).request : original
    const steps = scheme.flow!(request, context)
    let response: Response | undefined
    // A body that can only be cloned: what is kept of it for the next round.
    let kept: HttpRequest | undefined
    try {
      for (let round = 1; ; round++) {
        const step = await untilAborted(response === undefined ? steps.next() : steps.next(response), context.signal)
        if (step.done === true) {
          response ??= await send(request, call, original)
          checkAnswer(response, scheme, settings, original, context)
          return response
        }
        const wanted = step.value
        checkOrigin(wanted, origin, scheme, original)
        if (response !== undefined) {
          const reason = round > maxRounds ? 'max-rounds' : unreplayable(wanted, replay)
          if (reason !== undefined) {
            context.record('not-resent', reason)
            return response
          }
          release(response)
          response = undefined
        }
        const again = wanted.replay === 'clone' && round < maxRounds && replay !== 'never'
        kept = again ? wanted : undefined
        response = await send(again ? wanted.fork() : wanted, call, original)
        if (isForeign(response, origin)) {
          if (!response.ok) context.record('not-resent', 'other-origin')
          return response
        }
      }
    } catch (error) {
      if (response !== undefined) release(response)
      throw error
    } finally {
      kept?.release()
      // Not awaited: a flow that hangs would hold the call. It does nothing to one that has ended.
      steps.return().catch(() => {})
    }
  }
}

function unreplayable({ replay, body }: HttpRequest, setting: FlowSettings['replay']): string | undefined {
  if (replay === 'never') return 'unreplayable-body'
  return setting === 'never' && body !== undefined && body !== null ? 'replay-never' : undefined
}

function checkOrigin(wanted: HttpRequest, origin: string, { name }: AuthScheme, request: HttpRequest): void {
  if (wanted?.origin !== origin) throw new AuthError('OUTSIDE', name, request, `its flow left ${origin}.`)
}

/**
 * Whether `fetch` has followed to another origin. What that asks for is not for this credential: neither a new token, nor a wider
 * scope, nor a weaker scheme, nor another clock.
 */
function isForeign({ redirected, url }: Response, origin: string): boolean {
  return redirected && !(URL.canParse(url) && new URL(url).origin === origin)
}

/** A server that offers only what was not configured, or less than before, gets no answer: it may be somebody else. */
function checkAnswer(
  response: Response,
  { name }: AuthScheme,
  { answers, unanswered }: FlowSettings,
  request: HttpRequest,
  { origin, challenges, record }: AuthContext,
): void {
  if (response.status !== 401) return
  const wanted = answers(origin)
  const offered = challenges(response).map(({ scheme }) => scheme)
  if (offered.length === 0 || offered.some((scheme) => wanted.includes(scheme))) return
  record(
    'unanswered',
    offered.slice(0, 5).map((scheme) => scheme.slice(0, 20)),
  )
  if (unanswered === 'pass') return
  throw new AuthError('CHALLENGE', name, request, `the server offers no ${wanted.join(' or ')}: it gets no answer.`)
}
