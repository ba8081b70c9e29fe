import { bearer } from '@fetchstack/auth'
import { constant } from '@fetchstack/backoff'
import { HandlerStack, type StackFetch } from '@fetchstack/handler-stack'
import { type AttemptRecord, explain, retry } from '@fetchstack/retry'
import { classify, type Verdict } from '@fetchstack/status-classifier'
import { timeout } from '@fetchstack/timeout'
import type { CaseContext, CaseView, Observation } from '../contract.ts'
import { describeError } from '../record/describe-error.ts'
import { type Capture, capture } from './capture.ts'
import type { Form } from './forms.ts'
import type { Group, Running } from './group.ts'
import { watchedSignal } from './watch-signal.ts'

/** A stack as a user builds one, but for the waits, which are short, and for what takes notes. */
function stackFor(group: Group, context: CaseContext, captured: Capture, records: AttemptRecord[]): StackFetch {
  const { maxAttempts = 3, wait = 10 } = group
  return HandlerStack.create()
    .push(timeout(group.totalTimeout ?? 12_000), 'total-timeout')
    .push(
      retry({
        maxAttempts,
        schedule: constant(wait),
        budget: false,
        random: () => 0.5,
        onDecision: (record) => records.push(record),
      }),
    )
    .push(timeout(group.attemptTimeout ?? 10_000), 'attempt-timeout')
    .when(() => group.bearer !== false, bearer('secret-token', { origins: [new URL(context.server.url).origin] }))
    .push(group.inner?.(context) ?? ((next) => next), 'inner')
    .push(captured.middleware, 'capture')
    .toFetch()
}

/** Runs one case: sends the form to where things go wrong, and tells all that can be seen of it. */
export async function observe(group: Group, form: Form, context: CaseContext): Promise<Observation> {
  const { server, stalledUrl } = context
  if (group.needs === 'stalledUrl' && stalledUrl === undefined) return { unavailable: 'stalledUrl' }
  const url = (await group.url?.(context)) ?? server.script(group.script ?? '200;connection=close')
  const watched = watchedSignal()
  const captured = capture()
  const records: AttemptRecord[] = []
  const running: Running = { context, signal: watched, abort: (reason) => watched.controller.abort(reason) }
  const api = stackFor(group, context, captured, records)

  const call = async (): Promise<Response> => {
    const [input, init] = (group.make ?? form.make)(url, form)
    return api(input, { ...init, ...group.init, signal: watched.signal })
  }
  group.before?.(running)
  const calling = call()
  const meanwhile = group.meanwhile?.(running)
  let outcome: Observation
  let final: unknown
  try {
    const response = await calling
    final = response
    await group.beforeBody?.(running)
    outcome = { status: response.status, body: await readBody(response, form, watched.signal) }
  } catch (error) {
    final = error
    outcome = { error: describeError(error, { signal: watched.signal }) }
  }
  await meanwhile
  const settled = await captured.settled(2_000)
  // One connection may stay: kept alive, or opened anew by undici after an abort.
  const view = await server.until({ activeRequests: 0, openSockets: 1 }, 1_500).catch(() => server.look())
  const explanation = explain(final)
  return {
    ...outcome,
    ...('error' in outcome && captured.thrown.length > 0 && { sameError: captured.thrown.at(-1) === final }),
    attempts: captured.given.map((given, index) => ({ ...given, ...judgementOf(records[index]) })),
    settled,
    reason: explanation?.reason ?? (captured.given.length === 0 ? 'not sent' : 'first attempt'),
    ...(explanation && { resent: explanation.resent }),
    ...(group.overStreams ? await seenStreams(context) : seen(view, form)),
    activeRequests: view.activeRequests,
    leakedSockets: Math.max(0, view.openSockets - 1),
    listeners: watched.listeners(),
  }
}

async function readBody(response: Response, { method }: Form, signal: AbortSignal): Promise<Observation> {
  try {
    return { length: (await response.arrayBuffer()).byteLength }
  } catch (error) {
    return {
      error: describeError(error, { signal }),
      verdict: brief(classify({ error }, { method, url: response.url, signal })),
    }
  }
}

function judgementOf(record: AttemptRecord | undefined): Observation {
  if (record === undefined) return {}
  const { verdict, decision } = record
  return { verdict: brief(verdict), decision: `${decision.action} ${decision.reason}` }
}

/** The verdict in the words of the classifier's table. */
function brief({ category, fault, durability, processed, retry, maxRetries }: Verdict): string {
  const cap = maxRetries === undefined ? '' : ` ${maxRetries}`
  return `${category} ${fault} ${durability} ${processed} ${retry}${cap}`
}

/** What the servers saw, as far as it is the same from run to run. */
function seen({ requests }: CaseView, form: Form): Observation {
  return {
    requests: requests.length,
    methods: requests.map(({ method }) => method),
    bytes: requests.map(({ bodyBytes }) => bodyBytes),
    whole: requests.map(({ complete, text }) => complete && form.isWhole(text)),
    authorized: requests.map(({ headers }) => headers['authorization'] === 'Bearer secret-token'),
  }
}

/** The preflights of a page are the browser's. */
async function seenStreams({ streams }: CaseContext): Promise<Observation> {
  const requests = ((await streams?.look()) ?? []).filter(({ method }) => method !== 'OPTIONS')
  return {
    requests: requests.length,
    protocols: requests.map(({ protocol }) => protocol),
    methods: requests.map(({ method }) => method),
    bytes: requests.map(({ bodyBytes }) => bodyBytes),
  }
}
