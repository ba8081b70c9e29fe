import type { FetchFunction, FetchHandler } from '@fetchstack/handler-stack'
import type { Secret } from '@fetchstack/secret'
import type * as undici from 'undici'
import type { Pem } from './identity.ts'
import type { OriginRule } from './origins.ts'

/** What is needed of undici, all of one copy. */
export type UndiciModule = Pick<typeof undici, 'Agent' | 'buildConnector' | 'FormData' | 'fetch'>

/** Options of `mtls`. */
export interface MtlsOptions {
  /**
   * **Required.** The origins that the certificate is presented to, all with https. The port counts; 443 may be left out. A connection to
   * any other origin, also one that a redirect leads to, is made without it.
   */
  readonly origins: OriginRule | readonly OriginRule[]
  /** The client's certificate in PEM form; after it the intermediate ones, where there are any. */
  readonly cert: Pem
  /** Its private key in PEM form. */
  readonly key: Pem
  /** Of the key, where it is encrypted. */
  readonly passphrase?: string | Secret
  /** Whom to trust at these origins, in PEM form. Takes the place of Node's list. Default: Node's list. */
  readonly ca?: Pem | readonly Pem[]
  /** The name that the server's certificate must be for, and that it is asked for (SNI). Default: the host of the URL. */
  readonly servername?: string
  /** What happens to a request that goes, or is redirected, to another origin. `pass`: it goes without the certificate. Default `'pass'`. */
  readonly outside?: 'pass' | 'error'
  /** Options of undici's `Agent`, such as `connections` or `connectTimeout`. Not `connect` and `factory`. Default: undici's. */
  readonly agent?: Readonly<Omit<undici.Agent.Options, 'connect' | 'factory'>>
  /** The copy of undici whose `Agent` and `fetch` are used. Default: the installed peer. */
  readonly undici?: UndiciModule
}

/** A handler for the end of a stack, and a `fetch`. It keeps connections open until it is closed. */
export interface MtlsHandler extends FetchHandler {
  /** For clients that take a `fetch`. */
  readonly fetch: FetchFunction
  /**
   * Waits for the requests under way, then closes all connections. What comes later is rejected. Safe to call twice. A body that is
   * neither read nor cancelled is under way, and may be waited for without end: `destroy` does not wait.
   */
  close(): Promise<void>
  /** Ends the requests under way, and closes all connections. */
  destroy(): Promise<void>
  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
