import { type Call, type HttpRequest, release } from '@fetchstack/handler-stack'
import { AuthError } from './errors.ts'
import type { Authorise, Send } from './layer.ts'
import type { AuthContext, AuthScheme } from './scheme.ts'
import { untilAborted } from './until-aborted.ts'

/**
 * Runs the flow of a scheme: sends what it yields and hands it what comes back, until it returns, `maxRounds` requests were sent, or
 * the body can't be sent again. Then the last response stands, whatever its status.
 */
export function flowing(scheme: AuthScheme, send: Send, layer: string, maxRounds: number): Authorise {
  return async function flow(request: HttpRequest, context: AuthContext, call: Call): Promise<Response> {
    const steps = scheme.flow!(request, context)
    let response: Response | undefined
    // A body that can only be cloned: what is kept of it for the next round.
    let kept: HttpRequest | undefined
    try {
      for (let round = 1; ; round++) {
        const step = await untilAborted(response === undefined ? steps.next() : steps.next(response), context.signal)
        if (step.done === true) return response ?? (await send(request, call, request))
        const wanted = step.value
        const { replay } = wanted
        if (response !== undefined) {
          const detail = round > maxRounds ? 'max-rounds' : replay === 'never' ? 'unreplayable-body' : undefined
          if (detail !== undefined) {
            call.record({ layer, event: 'not-resent', attempt: call.attempt, detail })
            return response
          }
          release(response)
          response = undefined
        }
        if (wanted.origin !== context.origin) {
          throw new AuthError('OUTSIDE', scheme.name, request, `its flow left ${context.origin}.`)
        }
        const again = replay === 'clone' && round < maxRounds
        kept = again ? wanted : undefined
        response = await send(again ? wanted.fork() : wanted, call, request)
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
