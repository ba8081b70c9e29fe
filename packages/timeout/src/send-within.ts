import { type Call, type Handler, type HttpRequest, release } from '@fetchstack/handler-stack'
import { type WatchedBody, watchBody } from '@fetchstack/handler-stack/body'
import type { TimeoutOptions } from './timeout.ts'
import { TimeoutError } from './timeout-error.ts'

// The longest delay that a timer can hold; a longer one would fire at once.
const MAX_TIMER = 2 ** 31 - 1

/** Hands the request to `next` with a signal of its own, and sees to it that all is over after `ms` milliseconds. */
export function sendWithin(
  ms: number,
  { body: coversBody, clock }: Required<TimeoutOptions>,
  layer: string,
  next: Handler,
  request: HttpRequest,
  call: Call,
): Promise<Response> {
  const { signal } = request
  if (signal?.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const controller = new AbortController()
    const { attempt, deadline } = call
    let timer: unknown
    let settled = false
    let response: Response | undefined
    let body: WatchedBody | undefined

    const arm = (left: number): void => {
      const wait = Math.min(left, MAX_TIMER)
      timer = clock.setTimeout(() => (left > wait ? arm(left - wait) : onTimeout()), wait)
      if (response) unref(timer)
    }
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
      body?.fail(error)
      fail(error)
    }
    const onEnd = (): void => {
      clock.clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
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

    call.deadline = Math.min(deadline ?? Infinity, clock.now() + ms)
    signal?.addEventListener('abort', onAbort)
    arm(ms)
    try {
      next(request.with({ signal: controller.signal }), call).then((given) => {
        if (!given) return fail(new TypeError(`${layer}: a handler inside gave no response`))
        if (settled) return release(given)
        settle()
        response = given
        // A body that nobody reads must not keep a process open. And Node clears such a timer twice as fast.
        unref(timer)
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

function unref(timer: unknown): void {
  ;(timer as { unref?: () => void } | undefined)?.unref?.()
}
