import { parseList, Token } from 'structured-headers'
import type { Finding, Outcome } from './types.ts'

/** Errors of RFC 9209 §2.3 that a proxy reports instead of forwarding the request: those that may pass, and those that stay. */
const temporary = [
  'dns_timeout',
  'dns_error',
  'destination_unavailable',
  'destination_ip_unroutable',
  'connection_refused',
  'connection_timeout',
  'connection_limit_reached',
]
const lasting = [
  'destination_ip_prohibited',
  'tls_certificate_error',
  'http_request_error',
  'http_request_denied',
  'proxy_loop_detected',
]
const unforwarded = [
  ...temporary,
  ...lasting,
  'destination_not_found',
  'proxy_internal_response',
  'proxy_configuration_error',
]

/**
 * Reads `Proxy-Status` (RFC 9209) of a response with status 400 or higher: whether a proxy failed before it forwarded the
 * request. Then `processed` is `no`, and a status that is retried at all may be retried with any method.
 *
 * Every other error is `maybe`, and so is a field in which only some errors come before the request was forwarded.
 * A malformed field is ignored, as RFC 9651 §4.2 asks. Not among the default readers: it brings a parser with it.
 *
 * @example
 * ```ts
 * import { classify, defaultReaders } from '@fetchstack/status-classifier'
 * import { proxyStatus } from '@fetchstack/status-classifier/proxy-status'
 *
 * const headers = { 'proxy-status': 'edge.example; error=connection_refused' }
 * const response = new Response(null, { status: 502, headers })
 * const verdict = classify({ response }, { method: 'POST' }, { readers: [...defaultReaders, proxyStatus] })
 * console.log(verdict.processed, verdict.retry) // no any
 * ```
 */
export function proxyStatus(outcome: Outcome): Finding | undefined {
  if ('error' in outcome || outcome.response.status < 400) return
  const errors = errorTypes(outcome.response.headers.get('proxy-status') ?? '')
  if (!errors[0]) return
  const evidence = { source: 'proxy-status', detail: `error=${errors.join(', ')}`, ref: 'RFC 9209 §2.3' }
  if (!errors.every((error) => unforwarded.includes(error))) return { processed: 'maybe', evidence }
  if (errors.some((error) => lasting.includes(error))) {
    return { durability: 'permanent', processed: 'no', retry: 'never', evidence }
  }
  const transient = errors.every((error) => temporary.includes(error))
  return { ...(transient && { durability: 'transient' }), processed: 'no', evidence }
}

/** The `error` parameters of the field, the proxy nearest to the origin first; none if the field is malformed. */
function errorTypes(field: string): readonly string[] {
  try {
    return parseList(field).flatMap(([, parameters]) => {
      const error = parameters.get('error')
      return error instanceof Token ? [error.toString()] : []
    })
  } catch {
    return []
  }
}
