import { setTimeout as wait } from 'node:timers/promises'
import { bearer } from '@fetchstack/auth'
import { exponential, type Random } from '@fetchstack/backoff'
import { type AnyStack, HandlerStack, type Middleware, release } from '@fetchstack/handler-stack'
import { explain, retry } from '@fetchstack/retry'
import { timeout } from '@fetchstack/timeout'
import type { Plan } from './plan.ts'

/** What is known of a call when it is over. */
export interface Report {
  readonly plan: Plan
  /** Requests that were handed to `fetch`. */
  readonly sent: number
  /** Those among them that were given up before an answer: the server may not have seen them. */
  readonly cut: number
  /** Requests by the trail of the call; `undefined` where there is none. */
  readonly told: number | undefined
  /** `response 200`, `AbortError`... */
  readonly outcome: string
}

interface Sends {
  sent: number
  /** Those that were answered, or failed by themselves. */
  over: number
}

/** Counts what is really sent. Innermost, so that it knows nothing of retries. */
const counting: Middleware = (next) =>
  async function counting(request, call) {
    const counts = counters.get(request.header('x-call')!)!
    counts.sent++
    try {
      const response = await next(request, call)
      counts.over++
      return response
    } catch (error) {
      if (!request.signal?.aborted) counts.over++
      throw error
    }
  }
const counters = new Map<string, Sends>()

/** The stack of the example, with waits and time limits that fit a soak. */
export function soakStack(origin: string, refused: string, random: Random): AnyStack {
  return HandlerStack.create()
    .push(timeout(5_000), 'total-timeout')
    .push(retry({ maxAttempts: 4, schedule: exponential({ initialDelay: 2, maxDelay: 20 }), budget: false, random }))
    .push(timeout(300), 'attempt-timeout')
    .push(bearer(async () => 'soak', { origins: [origin, refused] }))
    .push(counting, 'counting')
}

/** Makes one call and uses its response as planned. Never rejects. */
export async function makeCall(
  fetch: ReturnType<AnyStack['toFetch']>,
  plan: Plan,
  url: string,
  shared: AbortSignal,
): Promise<Report> {
  const counts: Sends = { sent: 0, over: 0 }
  counters.set(plan.id, counts)
  const stop = plan.use === 'abort' ? new AbortController() : undefined
  const headers = { 'x-call': plan.id, ...(plan.method === 'POST' && { 'idempotency-key': plan.id }) }
  const init = { method: plan.method, headers, signal: stop?.signal ?? shared, ...bodyOf(plan) }
  let outcome: string
  let told: number | undefined
  try {
    const pending = plan.body === 'request' ? fetch(new Request(url, init)) : fetch(url, init)
    if (stop) void wait(plan.abortAfter).then(() => stop.abort())
    const response = await pending
    told = explain(response)?.attempts ?? 1
    outcome = `response ${response.status}`
    if (plan.use === 'cancel') release(response)
    else await response.arrayBuffer()
  } catch (error) {
    told ??= explain(error)?.attempts
    outcome = error instanceof Error ? error.name : String(error)
  } finally {
    counters.delete(plan.id)
  }
  return { plan, sent: counts.sent, cut: counts.sent - counts.over, told, outcome }
}

function bodyOf({ body, id }: Plan): { body?: BodyInit; duplex?: 'half' } {
  const text = id.repeat(50)
  switch (body) {
    case 'none':
      return {}
    case 'form': {
      const form = new FormData()
      form.set('id', id)
      return { body: form }
    }
    case 'blob':
      return { body: new Blob([text]) }
    case 'stream':
      return { body: new Blob([text]).stream(), duplex: 'half' }
    case 'string':
    case 'request':
      return { body: text }
  }
}
