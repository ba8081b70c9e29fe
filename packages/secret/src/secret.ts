import { OptionError } from '@fetchstack/options'

/**
 * A string that does not print itself: not in a template, not as JSON, not in the console, not in an error.
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
export class Secret {
  readonly #value: string

  private constructor(value: string) {
    this.#value = value
  }

  /** @throws {OptionError} `value` is no string; the message does not say what it is. */
  static of(value: string): Secret {
    if (typeof value !== 'string') throw new OptionError('Secret.of', 'value', 'value must be a string.')
    return new Secret(value)
  }

  /** The string itself. */
  reveal(): string {
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
  /** `initial`: for a request that has not been sent yet. */
  readonly reason: 'initial'
  /** Of the request, where it has one: aborted when nobody waits for the credential any more. Pass it on. */
  readonly signal: AbortSignal | undefined
}

/** Gives a credential each time that one is needed: once per attempt. It may remember; nothing here does. */
export type SecretProvider = (context: SecretContext) => string | Secret | Promise<string | Secret>

/** A credential, or a function that gives one. */
export type SecretInput = string | Secret | SecretProvider
