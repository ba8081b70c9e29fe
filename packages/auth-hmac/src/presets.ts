/** What a signature can be made of. */
export interface HmacParts {
  readonly method: string
  /** Absolute, without its hash. */
  readonly url: string
  /** With the query, as it is sent: `/a?b=c`. */
  readonly path: string
  /** Of this attempt, as it is sent. */
  readonly timestamp: string
  /** Of the message: the same for all attempts of a call. */
  readonly id: string
  /** The body; empty for none. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** How a service wants its requests signed. */
export interface HmacPreset {
  /** The headers, by what they carry. `id`: what the request has there already is taken. */
  readonly headers: { readonly signature: string; readonly timestamp?: string; readonly id?: string }
  /** What is signed: these, one after the other. Texts are UTF-8. */
  readonly base: (parts: HmacParts) => readonly (string | Uint8Array)[]
  /** Default `'SHA-256'`. */
  readonly hash?: 'SHA-256' | 'SHA-384' | 'SHA-512'
  /** How the signature is written. Default `'hex'`, in lower case. */
  readonly encoding?: 'hex' | 'base64'
  /** What stands before it: `sha256=`. Default: nothing. */
  readonly prefix?: string
  /** The unit of the timestamp. Default `'seconds'`, whole ones. */
  readonly timestamp?: 'seconds' | 'milliseconds'
  /**
   * How a key that is a text is read: as UTF-8, as hex digits, or as base64, which may start with `keyPrefix`. Default `'utf-8'`.
   */
  readonly key?: 'utf-8' | 'base64' | 'hex'
  /** What a key that is a text may start with, and is no part of it: `whsec_`. Default: nothing. */
  readonly keyPrefix?: string
}

/** The presets that have a name. */
export type HmacPresetName = 'standard-webhooks' | 'github' | 'slack'

export const presets: Readonly<Record<HmacPresetName, HmacPreset>> = {
  // standard-webhooks/spec, "Webhook Headers" and "Signature scheme".
  'standard-webhooks': {
    headers: { signature: 'webhook-signature', timestamp: 'webhook-timestamp', id: 'webhook-id' },
    base: ({ id, timestamp, bytes }) => [`${id}.${timestamp}.`, bytes],
    encoding: 'base64',
    prefix: 'v1,',
    key: 'base64',
    keyPrefix: 'whsec_',
  },
  // GitHub, "Validating webhook deliveries".
  github: {
    headers: { signature: 'x-hub-signature-256' },
    base: ({ bytes }) => [bytes],
    prefix: 'sha256=',
  },
  // Slack, "Verifying requests from Slack".
  slack: {
    headers: { signature: 'x-slack-signature', timestamp: 'x-slack-request-timestamp' },
    base: ({ timestamp, bytes }) => [`v0:${timestamp}:`, bytes],
    prefix: 'v0=',
  },
}
