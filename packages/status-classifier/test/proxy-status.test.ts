import { describe, expect, it } from 'vitest'
import { classify, defaultReaders } from '../src/index.ts'
import { proxyStatus } from '../src/proxy-status.ts'

const post = { method: 'POST' }
const readers = [...defaultReaders, proxyStatus]

function respond(field: string, status = 502) {
  return { response: { status, headers: new Headers({ 'proxy-status': field }) } }
}

describe('proxyStatus', () => {
  it.each([
    'dns_timeout',
    'dns_error',
    'destination_unavailable',
    'destination_ip_unroutable',
    'connection_refused',
    'connection_timeout',
    'connection_limit_reached',
    'destination_not_found',
    'proxy_internal_response',
    'proxy_configuration_error',
  ])('frees a 502 with error=%s for any method: it was not forwarded', (error) => {
    const verdict = classify(respond(`proxy.example; error=${error}`), post, { readers })
    expect(verdict).toMatchObject({ category: 'gateway', processed: 'no', retry: 'any' })
    expect(verdict.evidence[0]).toEqual({ source: 'proxy-status', detail: `error=${error}`, ref: 'RFC 9209 §2.3' })
  })

  it.each([
    'destination_ip_prohibited',
    'tls_certificate_error',
    'http_request_error',
    'http_request_denied',
    'proxy_loop_detected',
  ])('never resends a 502 with error=%s: it was not forwarded and will not be', (error) => {
    expect(classify(respond(`proxy.example; error=${error}`), post, { readers })).toMatchObject({
      durability: 'permanent',
      processed: 'no',
      retry: 'never',
    })
  })

  it.each([
    'connection_terminated',
    'connection_read_timeout',
    'connection_write_timeout',
    'tls_protocol_error',
    'tls_alert_received',
    'http_response_incomplete',
    'http_response_timeout',
    'http_protocol_error',
    'http_upgrade_failed',
    'proxy_internal_error',
    'something_new',
  ])('leaves it open with error=%s', (error) => {
    expect(classify(respond(`proxy.example; error=${error}`), post, { readers })).toMatchObject({
      processed: 'maybe',
      retry: 'idempotent',
    })
  })

  it('does not turn a status that is never resent into one that is', () => {
    expect(classify(respond('p; error=connection_refused', 404), post, { readers })).toMatchObject({
      processed: 'no',
      retry: 'never',
    })
  })

  it('leaves it open unless every proxy that failed failed before it forwarded', () => {
    expect(proxyStatus(respond('a; error=connection_terminated, b; error=connection_refused'))?.processed).toBe('maybe')
    expect(proxyStatus(respond('a; error=connection_refused, b'))?.processed).toBe('no')
    expect(proxyStatus(respond('a; error=dns_error, b; error=proxy_internal_response'))).toMatchObject({
      processed: 'no',
      evidence: { detail: 'error=dns_error, proxy_internal_response' },
    })
  })

  it('calls only errors transient that pass by themselves', () => {
    expect(proxyStatus(respond('a; error=connection_timeout'))?.durability).toBe('transient')
    expect(proxyStatus(respond('a; error=proxy_configuration_error'))?.durability).toBeUndefined()
  })

  it('reads strings, inner lists and other parameters around the error', () => {
    expect(proxyStatus(respond('"Edge 7"; received-status=503; error=dns_error; rcode="NXDOMAIN"'))?.processed).toBe(
      'no',
    )
    expect(proxyStatus(respond('(a b); error=dns_error'))?.processed).toBe('no')
  })

  it.each([
    '',
    'proxy.example',
    'proxy.example; next-hop=origin',
    'proxy.example; error="connection_refused"',
    'proxy.example; error',
    'proxy.example; error=1',
    'proxy.example; error=connection_refused,',
    'proxy.example; =',
    ',,,',
    '(((',
    '@@@; error=connection_refused',
    'p; error=:::',
    'p; error=%"%ff"',
  ])('ignores %j', (field) => {
    expect(proxyStatus(respond(field))).toBeUndefined()
  })

  it('says nothing about an error, a missing field, or a response that did not fail', () => {
    expect(proxyStatus({ error: new Error('x') })).toBeUndefined()
    expect(proxyStatus({ response: new Response(null, { status: 502 }) })).toBeUndefined()
    expect(proxyStatus(respond('p; error=connection_refused', 200))).toBeUndefined()
  })
})

describe('several proxies', () => {
  it('one lasting failure among temporary ones is lasting', () => {
    expect(proxyStatus(respond('a; error=dns_error, b; error=proxy_loop_detected'))?.retry).toBe('never')
  })

  it('passes only when all of the failures may', () => {
    expect(proxyStatus(respond('a; error=dns_error, b; error=destination_not_found'))?.durability).toBeUndefined()
  })

  it('400 is the first status of which the field is read', () => {
    expect(proxyStatus(respond('a; error=dns_error', 400))?.processed).toBe('no')
    expect(proxyStatus(respond('a; error=dns_error', 399))).toBeUndefined()
  })
})
