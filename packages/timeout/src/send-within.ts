import { type Call, type Handler, type HttpRequest, release } from '@fetchstack/handler-stack'
import { type WatchedBody, watchBody } from '@fetchstack/handler-stack/body'
import type { TimeoutOptions } from './timeout.ts'
import { TimeoutError } from './timeout-error.ts'

// The longest delay that a timer can hold; a longer one would fire at once.
const MAX_TIMER = 2 ** 31 - 1

// On the signals made here: who stands next inside. A listener would cost 0.4 µs a call (Node 24 and 26). `null`: nobody yet.
const inside: unique symbol = /* @__PURE__ */ Symbol('fetchstack.timeout')
type Linked = AbortSignal & { [inside]?: (() => void) | null }

/** Hands the request to `next` with a signal of its own, and sees to it that all is over after `ms` milliseconds. */
export function sendWithin(
  ms: number,
  { body: coversBody, clock }: Required<TimeoutOptions>,
  layer: string,
  next: Handler,
  request: HttpRequest,
  call: Call,
): Promise<Response> {
  const signal: Linked | undefined = request.signal
  if (signal?.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const controller = new AbortController()
    const own: Linked = controller.signal
    own[inside] = null
    const { attempt, deadline } = call
    let settled = false
    let response: Response | undefined
    let body: WatchedBody | undefined

    const onTimeout = (): void => {
      const facts = { timeout: ms, phase: response ? 'body' : 'headers', layer, attempt } as const
      call.record({ layer, event: 'timeout', attempt, detail: facts })
      stop(new TimeoutError(facts, request, response))
    }
    const onAbort = (): void => stop(signal!.reason)
    const stop = (error: unknown): void => {
      onEnd()
      // The layers inside first: they clean up on their own when the body fails, and would not hear of it then.
      controller.abort(error)
      own[inside]?.()
      body?.fail(error)
      fail(error)
    }
    const onEnd = (): void => {
      clock.clearTimeout(timer)
      if (signal?.[inside] === onAbort) signal[inside] = null
      else signal?.removeEventListener('abort', onAbort)
    }
    const settle = (): void => {
      settled = true
      call.deadline = deadline
    }
    const fail = (error: unknown): void => {
      if (settled) return
      settle()
      onEnd()
      reject(error)
    }

    // First, for it throws when the signal is none: then nothing may be left running.
    if (signal?.[inside] === null) signal[inside] = onAbort
    else signal?.addEventListener('abort', onAbort)
    call.deadline = Math.min(deadline ?? Infinity, clock.now() + ms)
    const timer = clock.setTimeout(onTimeout, Math.min(ms, MAX_TIMER)) as { unref?: () => void } | undefined
    try {
      next(request.with({ signal: own }), call).then((given) => {
        if (!given) return fail(new TypeError(`${layer}: a handler inside gave no response`))
        if (settled) return release(given)
        settle()
        response = given
        // A body that nobody reads must not keep a process open. And Node clears such a timer twice as fast.
        timer?.unref?.()
        if (!coversBody) clock.clearTimeout(timer)
        // Without a timer it is still the way on which the caller's abort gets to the body.
        if (coversBody || signal) body = watchBody(given, onEnd)
        resolve(given)
      }, fail)
    } catch (error) {
      fail(error)
    }
  })
}
