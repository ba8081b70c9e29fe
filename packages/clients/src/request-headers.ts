/** What a check wants to be sent, for clients that take headers. */
export function requestHeaders(credential?: string, idempotencyKey?: string): Record<string, string> {
  return {
    ...(credential !== undefined && { authorization: credential }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  }
}
