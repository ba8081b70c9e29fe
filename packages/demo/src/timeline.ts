import { type AttemptRecord, type Explanation, explain } from '@fetchstack/retry'
import { describeStatus } from '@fetchstack/status-classifier'
import { ms, paint } from './terminal.ts'

/** How a call ended, for the timeline and the summary. */
export interface Outcome {
  readonly response?: Response
  readonly error?: unknown
  readonly elapsed: number
}

/** Why each decision fell as it did, in words. */
const WORDS: Partial<Record<string, string>> = {
  throttled: 'rate limited',
  overloaded: 'overloaded',
  'transient-status': 'a passing failure',
  'network-unprocessed': 'the server never saw it',
  'network-idempotent': 'safe to resend',
  transparent: 'the server never saw it, so at once',
  'attempt-timeout': 'the attempt took too long',
  'unsafe-method': 'may have been processed, and has no Idempotency-Key',
  'not-retryable-status': 'would be the same again',
  'server-delay-too-long': 'the server asks for too long a wait',
  'permanent-error': 'the same request fails in the same way',
  'server-said-stop': 'the server says not to',
  'body-not-replayable': 'the body can be read only once',
  'budget-exhausted': 'too many failures at this server already',
  'total-timeout': 'the time of the call is up',
  aborted: 'aborted',
  'attempts-exhausted': 'that was the last attempt',
  'deadline-before-delay': 'no time left for the wait',
}

/** The attempts of one call, a line each, and its outcome. */
export function timeline(outcome: Outcome): string {
  const explanation = explain(outcome.response ?? outcome.error)
  const attempts = (explanation?.records ?? []).map((record) => attemptLine(record))
  return [...attempts, outcomeLine(outcome, explanation)].join('\n')
}

function attemptLine({ attempt, outcome, decision }: AttemptRecord): string {
  const seen = /^\d+$/.test(outcome) ? `${outcome} ${describeStatus(Number(outcome)).name}` : outcome
  const why = WORDS[decision.reason] ?? decision.reason
  const next =
    decision.action === 'retry'
      ? `→ again in ${ms(decision.delay ?? 0)}${decision.delaySource === 'server' ? ' (the server asked for it)' : ''}: ${why}`
      : decision.action === 'give-up'
        ? `→ given up: ${why}`
        : ''
  const style = decision.action === 'accept' ? 'green' : decision.action === 'retry' ? 'yellow' : 'red'
  return `  #${attempt}  ${paint(style, seen.padEnd(32))} ${next}`.trimEnd()
}

function outcomeLine({ response, error, elapsed }: Outcome, explanation: Explanation | undefined): string {
  const attempts = explanation?.attempts ?? 1
  const how = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, ${ms(elapsed)}`
  if (response === undefined) return `  ${paint('red', `✗ ${nameOf(error)}`)}  (${how})`
  const { name, sentence } = describeStatus(response.status)
  if (response.ok) return `  ${paint('green', `✓ ${response.status} ${name}`)}  (${how})`
  const retryAt =
    explanation?.retryAt === undefined ? '' : ` Ready again at ${new Date(explanation.retryAt).toISOString()}.`
  return `  ${paint('red', `✗ ${response.status} ${name}`)}  (${how})\n    ${sentence}${retryAt}`
}

/** Its name and the code that it goes back to: a message may quote the whole URL. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  let code: unknown
  for (let current: unknown = error; current instanceof Error && code === undefined; current = current.cause) {
    code = (current as { code?: unknown }).code
  }
  return typeof code === 'string' ? `${error.name} ${code}` : error.name
}
