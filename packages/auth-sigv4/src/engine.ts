import { AwsV4Signer } from 'aws4fetch'

/** What an engine signs. All secrets are plain texts here: don't log it. */
export interface SigV4Input {
  readonly method: string
  /** Absolute. */
  readonly url: string
  /** By lower-case name: every header that is signed, but for those that the engine adds. `x-amz-content-sha256` is always there. */
  readonly headers: Readonly<Record<string, string>>
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
  readonly region: string
  readonly service: string
  /** Milliseconds since the epoch. */
  readonly time: number
}

/**
 * Signs a request with its headers, the host, `x-amz-date` and the session token. Resolves with the headers to send, by lower-case
 * name: at least `authorization` and `x-amz-date`. Others than those that `sigv4` declares are dropped.
 */
export type SigV4Engine = (input: SigV4Input) => Promise<Readonly<Record<string, string | undefined>>>

/** The engine that `sigv4` uses by default: aws4fetch's signer. It remembers up to 100 keys, which are good for a day each. */
/* @__NO_SIDE_EFFECTS__ */
export function aws4fetchEngine(): SigV4Engine {
  const cache = new Map<string, ArrayBuffer>()
  return async function aws4fetch({ time, sessionToken, ...input }) {
    // Session credentials change by the hour, and each has keys of its own.
    if (cache.size >= 100) cache.clear()
    const signer = new AwsV4Signer({
      ...input,
      ...(sessionToken !== undefined && { sessionToken }),
      datetime: new Date(time).toISOString().replace(/[:-]|\.\d+/g, ''),
      allHeaders: true,
      cache,
    })
    const { headers } = await signer.sign()
    return Object.fromEntries(headers)
  }
}
