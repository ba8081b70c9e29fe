/**
 * Why a call was not sent.
 * - `OUTSIDE`: it goes, or was redirected, to an origin that the certificate is not for, with `outside: 'error'`.
 * - `DISPATCHER`: it brings a dispatcher of its own, which knows nothing of the certificate.
 */
export type MtlsErrorKind = 'OUTSIDE' | 'DISPATCHER'

/** A call that can't be sent with the certificate. Nothing was sent to that origin. */
export class MtlsError extends Error {
  override readonly name = 'MtlsError' as const
  /** Stable, for code that can't use `instanceof`. */
  readonly code: `FETCHSTACK_MTLS_${MtlsErrorKind}`
  /** Scheme, host and port of what was asked for. */
  readonly origin: string

  constructor(kind: MtlsErrorKind, origin: string, problem: string) {
    super(`mtls: ${origin}: ${problem}`)
    this.code = `FETCHSTACK_MTLS_${kind}`
    this.origin = origin
  }
}
