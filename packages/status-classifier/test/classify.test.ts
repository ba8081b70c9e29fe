import { describe, expect, it } from 'vitest'
import {
  type ClassifyOptions,
  classify,
  defaultReaders,
  type EvidenceReader,
  type Finding,
  type Outcome,
} from '../src/index.ts'

const get = { method: 'GET' }

function respond(status: number, headers: Record<string, string> = {}): Outcome {
  return { response: { status, headers: new Headers(headers) } }
}

function rule(finding: Partial<Finding>): EvidenceReader {
  return () => ({ evidence: { source: 'rule', detail: 'test' }, ...finding })
}

function withRules(outcome: Outcome, ...rules: EvidenceReader[]) {
  return classify(outcome, get, { rules })
}

describe('the base of a verdict', () => {
  it('is the row of the status, with the status in verdict and evidence', () => {
    expect(classify(respond(503), get)).toEqual({
      category: 'overloaded',
      fault: 'server',
      durability: 'transient',
      processed: 'maybe',
      retry: 'idempotent',
      status: 503,
      evidence: [{ source: 'status', detail: '503' }],
    })
  })

  it('takes a real Response and never touches its body', () => {
    const response = new Response('body', { status: 404 })
    expect(classify({ response }, get)).toMatchObject({ category: 'client-error', status: 404 })
    expect(response.bodyUsed).toBe(false)
  })

  it('takes an opaque response for a success that nothing is known of', () => {
    const response = { status: 0, headers: new Headers(), type: 'opaque' }
    expect(classify({ response }, get)).toMatchObject({
      category: 'success',
      durability: 'unknown',
      processed: 'maybe',
      retry: 'never',
    })
  })

  it.each([-1, 1, 99, 600, 1000, Number.NaN, Infinity, 1e21])('is unknown and never resent for %d', (status) => {
    expect(classify(respond(status), get)).toMatchObject({ category: 'unknown', processed: 'maybe', retry: 'never' })
  })
})

describe('the abort of the caller', () => {
  const aborted = { method: 'GET', signal: AbortSignal.abort() }

  it('comes before whatever was thrown', () => {
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' })
    expect(classify({ error: refused }, aborted)).toEqual({
      category: 'aborted',
      fault: 'caller',
      durability: 'unknown',
      processed: 'no',
      retry: 'never',
      code: 'ECONNREFUSED',
      evidence: [
        { source: 'abort', detail: 'the signal is aborted' },
        { source: 'error', detail: 'ECONNREFUSED (connect)' },
      ],
    })
  })

  it('comes before a reason that looks like a network error', async () => {
    const reason = new TypeError('fetch failed')
    const signal = AbortSignal.abort(reason)
    const error: unknown = await fetch('http://127.0.0.1:9', { signal }).catch((thrown: unknown) => thrown)
    expect(error).toBe(reason)
    expect(classify({ error }, { method: 'GET', signal }).category).toBe('aborted')
  })

  it('comes before a TimeoutError', () => {
    const error = new DOMException('late', 'TimeoutError')
    expect(classify({ error }, aborted).category).toBe('aborted')
  })

  it('comes before the word of the server and before rules', () => {
    const verdict = classify(respond(503, { 'x-should-retry': 'true' }), aborted, { rules: [rule({ retry: 'any' })] })
    expect(verdict).toMatchObject({ category: 'aborted', retry: 'never', status: 503 })
    expect(verdict.directive).toBeUndefined()
  })

  it('is seen in the error where the signal says nothing, and no rule changes that', () => {
    const error = new DOMException('gone', 'AbortError')
    for (const signal of [undefined, null, new AbortController().signal]) {
      const verdict = classify(
        { error },
        { method: 'GET', signal },
        { rules: [rule({ retry: 'any', processed: 'no' })] },
      )
      expect(verdict).toMatchObject({ category: 'aborted', fault: 'caller', retry: 'never' })
    }
  })

  it('is no abort if an attempt timed out under a signal that is not aborted', () => {
    const { signal } = new AbortController()
    const late = Object.assign(new Error('10 s passed'), { name: 'TimeoutError', code: 'FETCHSTACK_TIMEOUT' })
    for (const error of [late, new DOMException('late', 'TimeoutError'), new DOMException('gone', 'AbortError')]) {
      const expected = error.name === 'AbortError' ? 'aborted' : 'timeout'
      expect(classify({ error }, { method: 'GET', signal }).category).toBe(expected)
    }
    expect(classify({ error: late }, { method: 'GET', signal })).toMatchObject({
      code: 'FETCHSTACK_TIMEOUT',
      processed: 'maybe',
      retry: 'idempotent',
    })
  })

  it('is a timeout if the AbortError wraps one', () => {
    const error = Object.assign(new Error('aborted', { cause: new DOMException('late', 'TimeoutError') }), {
      name: 'AbortError',
    })
    expect(classify({ error }, get).category).toBe('timeout')
  })
})

describe('findings', () => {
  it('override the row field by field, the strongest first', () => {
    const verdict = withRules(
      respond(500),
      rule({ category: 'conflict' }),
      rule({ category: 'throttled', fault: 'caller' }),
    )
    expect(verdict).toMatchObject({ category: 'conflict', fault: 'caller', durability: 'unknown', retry: 'idempotent' })
  })

  it('are listed as evidence, the strongest first and the row last', () => {
    const verdict = withRules(respond(503, { 'x-should-retry': 'false' }), rule({}))
    expect(verdict.evidence.map(({ source }) => source)).toEqual(['rule', 'x-should-retry', 'status'])
  })

  it('with undefined fields leave those fields alone', () => {
    const odd = { category: undefined, retry: undefined } as unknown as Partial<Finding>
    expect(withRules(respond(503), rule(odd))).toMatchObject({ category: 'overloaded', retry: 'idempotent' })
  })

  it('that say `stop` forbid every resend', () => {
    expect(withRules(respond(429), rule({ directive: 'stop' }))).toMatchObject({ directive: 'stop', retry: 'never' })
  })

  it('that say `go` allow a resend of what else never is, with any method if it was not processed', () => {
    expect(withRules(respond(409), rule({ directive: 'go' }))).toMatchObject({ directive: 'go', retry: 'idempotent' })
    expect(withRules(respond(400), rule({ directive: 'go' }))).toMatchObject({ directive: 'go', retry: 'any' })
    expect(withRules(respond(429), rule({ directive: 'go' }))).toMatchObject({ directive: 'go', retry: 'any' })
  })

  it('with a `retry` of their own cancel the directive of a weaker one', () => {
    const stopped = respond(503, { 'x-should-retry': 'false' })
    const verdict = withRules(stopped, rule({ retry: 'idempotent' }))
    expect(verdict.retry).toBe('idempotent')
    expect('directive' in verdict).toBe(false)
    expect(withRules(respond(503, { 'x-should-retry': 'true' }), rule({ retry: 'never' })).retry).toBe('never')
  })

  it('leave a directive alone if they say nothing on `retry`', () => {
    const verdict = withRules(respond(503, { 'x-should-retry': 'false' }), rule({ category: 'conflict' }))
    expect(verdict).toMatchObject({ category: 'conflict', directive: 'stop', retry: 'never' })
  })

  it('that show that nothing was processed free the row for any method', () => {
    expect(withRules(respond(503), rule({ processed: 'no' }))).toMatchObject({ processed: 'no', retry: 'any' })
    expect(withRules(respond(404), rule({ processed: 'no' }))).toMatchObject({ processed: 'no', retry: 'never' })
    expect(withRules(respond(503), rule({ processed: 'no', retry: 'idempotent' })).retry).toBe('idempotent')
    expect(withRules(respond(540), rule({ category: 'overloaded' })).retry).toBe('idempotent')
  })

  it('that leave it open whether it was processed take `any` back to `idempotent`', () => {
    expect(withRules(respond(521), rule({ processed: 'maybe' })).retry).toBe('idempotent')
    expect(withRules(respond(503), rule({ retry: 'any' })).retry).toBe('idempotent')
  })

  it('come from rules before readers', () => {
    const options: ClassifyOptions = { rules: [rule({ fault: 'none' })], readers: [rule({ fault: 'network' })] }
    expect(classify(respond(500), get, options).fault).toBe('none')
  })

  it('come from the given readers instead of the default ones', () => {
    const stopped = respond(503, { 'x-should-retry': 'false' })
    expect(classify(stopped, get, { readers: [] }).directive).toBeUndefined()
    expect(classify(stopped, get, { readers: defaultReaders }).directive).toBe('stop')
  })

  it('of a success may turn it into a failure', () => {
    const empty: EvidenceReader = (outcome) =>
      'response' in outcome && outcome.response.headers.get('x-error') !== null
        ? { category: 'server-error', retry: 'idempotent', evidence: { source: 'x-error', detail: 'set' } }
        : undefined
    expect(withRules(respond(200, { 'x-error': '1' }), empty)).toMatchObject({ category: 'server-error', status: 200 })
    expect(withRules(respond(200), empty).category).toBe('success')
  })

  it('of a reader of one’s own that throws are a mistake that comes out', () => {
    const broken = () => {
      throw new Error('bug')
    }
    expect(() => withRules(respond(503), broken)).toThrow('bug')
  })

  it('are made from the outcome and the request', () => {
    const request = { method: 'POST', url: 'https://api.example.com/' }
    const outcome = respond(500)
    const seen: unknown[] = []
    classify(outcome, request, { rules: [(...args) => void seen.push(...args)] })
    expect(seen).toEqual([outcome, request])
  })
})
