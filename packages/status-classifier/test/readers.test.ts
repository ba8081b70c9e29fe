import { describe, expect, it } from 'vitest'
import { classify, vendorHeaders, verdictHeaders } from '../src/index.ts'

const post = { method: 'POST' }

function respond(status: number, headers: Record<string, string>) {
  return { response: { status, headers: new Headers(headers) } }
}

describe('verdictHeaders', () => {
  it.each(['x-should-retry', 'stripe-should-retry'])('takes %s: true and false as the word of the server', (name) => {
    expect(classify(respond(400, { [name]: 'true' }), post)).toMatchObject({ directive: 'go' })
    expect(classify(respond(503, { [name]: 'false' }), post)).toMatchObject({ directive: 'stop', retry: 'never' })
    expect(verdictHeaders(respond(503, { [name]: 'false' }))?.evidence).toEqual({ source: name, detail: 'false' })
  })

  it('takes x-should-retry before stripe-should-retry', () => {
    const both = respond(500, { 'x-should-retry': 'false', 'stripe-should-retry': 'true' })
    expect(verdictHeaders(both)?.directive).toBe('stop')
  })

  it.each(['', '1', 'yes', 'TRUE', 'true, true', 'false;q=1', '\u00ff'])(
    'does not take %j for true or false',
    (value) => {
      expect(verdictHeaders(respond(503, { 'x-should-retry': value }))).toBeUndefined()
    },
  )

  it.each(['-1', '', 'soon', '1.5', '1e3', '10 20'])('stops on grpc-retry-pushback-ms: %j', (value) => {
    expect(verdictHeaders(respond(503, { 'grpc-retry-pushback-ms': value }))).toMatchObject({
      directive: 'stop',
      evidence: { source: 'grpc-retry-pushback-ms' },
    })
  })

  it.each(['0', '250'])('has no objection to grpc-retry-pushback-ms: %s', (value) => {
    expect(verdictHeaders(respond(503, { 'grpc-retry-pushback-ms': value }))).toBeUndefined()
  })

  it('says nothing about a response that did not fail', () => {
    expect(verdictHeaders(respond(399, { 'x-should-retry': 'false' }))).toBeUndefined()
    expect(verdictHeaders(respond(400, { 'x-should-retry': 'false' }))).toBeDefined()
  })

  it('takes what a Durable Object says of an error', () => {
    const reset = Object.assign(new Error('Durable Object reset because its code was updated.'), { retryable: true })
    const { directive, ...verdict } = classify({ error: reset }, post)
    expect(verdict).toMatchObject({ category: 'unknown', retry: 'idempotent', processed: 'maybe' })
    expect(directive).toBeUndefined()
    const busy = Object.assign(new Error('Durable Object is overloaded.'), { retryable: true, overloaded: true })
    expect(classify({ error: busy }, post)).toMatchObject({ category: 'overloaded', directive: 'stop', retry: 'never' })
  })

  it('takes retryable: true for no word of the server: workerd says it of every connection that breaks', () => {
    const lost = Object.assign(new Error('Network connection lost.'), { retryable: true, remote: true })
    const { directive, ...verdict } = classify({ error: lost }, post)
    expect(verdict).toMatchObject({ category: 'network', processed: 'maybe', retry: 'idempotent' })
    expect(directive).toBeUndefined()
  })

  it('takes what Smithy says of an error', () => {
    const slow = Object.assign(new Error('slow down'), { $retryable: { throttling: true } })
    expect(classify({ error: slow }, post)).toMatchObject({ category: 'throttled', directive: 'go' })
    const odd = Object.assign(new Error('try again'), { $retryable: {} })
    expect(classify({ error: odd }, post)).toMatchObject({ category: 'unknown', directive: 'go', retry: 'idempotent' })
  })

  it('takes retryable: false for a stop and other values for nothing', () => {
    expect(verdictHeaders({ error: { retryable: false } })?.directive).toBe('stop')
    expect(verdictHeaders({ error: { retryable: 'yes', overloaded: 1, $retryable: false } })).toBeUndefined()
  })

  it.each([undefined, null, 'boom', 42, Symbol('x')])('says nothing of a thrown %s', (error) => {
    expect(verdictHeaders({ error })).toBeUndefined()
  })
})

describe('vendorHeaders', () => {
  it('frees a request that Envoy dropped for any method', () => {
    expect(classify(respond(503, { 'x-envoy-overloaded': 'true' }), post)).toMatchObject({
      category: 'overloaded',
      fault: 'intermediary',
      durability: 'transient',
      processed: 'no',
      retry: 'any',
      evidence: [
        { source: 'x-envoy-overloaded', detail: 'true' },
        { source: 'status', detail: '503' },
      ],
    })
  })

  it('takes x-envoy-ratelimited for a rate limit whatever the status', () => {
    expect(classify(respond(503, { 'x-envoy-ratelimited': 'true' }), post)).toMatchObject({
      category: 'throttled',
      processed: 'no',
      retry: 'any',
    })
  })

  it('never resends what Cloudflare answered with a challenge', () => {
    expect(classify(respond(503, { 'cf-mitigated': 'challenge' }), post)).toMatchObject({
      category: 'client-error',
      durability: 'permanent',
      retry: 'never',
    })
    expect(vendorHeaders(respond(503, { 'cf-mitigated': 'other' }))).toBeUndefined()
  })

  it.each([{ 'x-ratelimit-remaining': '0' }, { 'retry-after': '60' }])(
    'takes 403 with %j for a rate limit',
    (headers) => {
      expect(classify(respond(403, headers), post)).toMatchObject({
        category: 'throttled',
        processed: 'no',
        retry: 'hint',
      })
    },
  )

  it('leaves 403 alone while requests remain, and other statuses with the same headers', () => {
    expect(vendorHeaders(respond(403, { 'x-ratelimit-remaining': '1' }))).toBeUndefined()
    expect(vendorHeaders(respond(403, {}))).toBeUndefined()
    expect(vendorHeaders(respond(503, { 'retry-after': '60', 'x-ratelimit-remaining': '0' }))).toBeUndefined()
  })

  it('says nothing about an error or a response that did not fail', () => {
    expect(vendorHeaders({ error: new Error('x') })).toBeUndefined()
    expect(vendorHeaders(respond(200, { 'x-envoy-overloaded': 'true' }))).toBeUndefined()
  })

  it('is weaker than the word of the server', () => {
    const both = respond(503, { 'x-envoy-overloaded': 'true', 'x-should-retry': 'false' })
    expect(classify(both, post)).toMatchObject({
      category: 'overloaded',
      processed: 'no',
      directive: 'stop',
      retry: 'never',
    })
  })
})

describe('on the border, and in words', () => {
  it('400 is the first status whose headers are read', () => {
    expect(vendorHeaders(respond(400, { 'x-envoy-overloaded': 'true' }))?.category).toBe('overloaded')
    expect(vendorHeaders(respond(399, { 'x-envoy-overloaded': 'true' }))).toBeUndefined()
  })

  it.each([
    [{ overloaded: true }, { source: 'overloaded', detail: 'false' }],
    [{ retryable: false }, { source: 'retryable', detail: 'false' }],
    [{ retryable: true }, { source: 'retryable', detail: 'true' }],
    [{ $retryable: {} }, { source: '$retryable', detail: 'true' }],
  ])('the evidence names the property of the error: %j', (error, evidence) => {
    expect(verdictHeaders({ error })?.evidence).toEqual(evidence)
  })
})
