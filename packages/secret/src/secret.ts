import { OptionError } from '@fetchstack/options'

/**
 * A string, or bytes, that does not print itself: not in a template, not as JSON, not in the console, not in an error.
 * It is no vault: whoever holds it can {@link reveal} it.
 *
 * @example
 * ```ts
 * import { Secret } from '@fetchstack/secret'
 *
 * const token = Secret.of('eyJhbGciOi')
 * console.log(`${token}`, token, JSON.stringify({ token })) // [secret] [secret] {"token":"[secret]"}
 * token.reveal() // 'eyJhbGciOi'
 * ```
 */
export class Secret<T extends string | Uint8Array = string> {
  readonly #value: T

  private constructor(value: T) {
    this.#value = value
  }

  /**
   * Bytes are copied: what happens to the original does not matter any more.
   *
   * @throws {OptionError} `value` is neither a string nor bytes; the message does not say what it is.
   */
  static of(value: string): Secret
  static of(value: Uint8Array): Secret<Uint8Array<ArrayBuffer>>
  static of(value: string | Uint8Array): Secret<string | Uint8Array> {
    if (typeof value === 'string') return new Secret(value)
    if (value instanceof Uint8Array) return new Secret(Uint8Array.from(value))
    throw new OptionError('Secret.of', 'value', 'value must be a string or a Uint8Array.')
  }

  /** The string itself, or the bytes: the same ones each time, so don't change them. */
  reveal(): T {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  static {
    // What the consoles of Node, Deno and Bun print.
    Object.defineProperty(this.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: this.prototype.toString })
  }
}

/** Why a provider is asked, and for how long the answer is wanted. */
export interface SecretContext {
  /**
   * `initial`: for a request that has not been sent yet. `rejected`: the server refused the `previous` one, so a remembered one
   * won't do; asked only by what can send a request again (`bearerFrom`).
   */
  readonly reason: 'initial' | 'rejected'
  /** What was refused. */
  readonly previous?: Secret
  /** Of the request, where it has one: aborted when nobody waits for the credential any more. Pass it on. */
  readonly signal: AbortSignal | undefined
}

/** Gives a credential each time that one is needed: once per attempt. It may remember; nothing here does. */
export type SecretProvider = (context: SecretContext) => string | Secret | Promise<string | Secret>

/** A credential, or a function that gives one. */
export type SecretInput = string | Secret | SecretProvider
