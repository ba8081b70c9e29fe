import type { SecretInput } from '@fetchstack/secret'
import { OAuthError } from './errors.ts'

/** What one refresh sends and nobody may read in an error: servers quote what they were sent. */
export interface Confidential {
  /** Adds a text. */
  keep(text: string): string
  /** Gets a secret, and adds it. @throws {OAuthError} `CREDENTIAL` */
  reveal(secret: SecretInput, what: string): Promise<string>
  /** A text of the server, without what was added and without control characters, at most `length` characters long. */
  show(text: string, length: number): string
}

/** What {@link textOf} takes: the rest of "must be...". */
export const TEXT = 'a string that is not empty and has no control characters, no line break at its end either'

/** The text of a secret; `undefined` when it is none that OAuth knows (RFC 6749 appendix A). */
export function textOf(given: unknown): string | undefined {
  // By its shape: a `Secret` of another copy of this package is one too.
  const text = (given as { reveal?(): unknown } | null | undefined)?.reveal?.() ?? given
  return typeof text === 'string' && text !== '' && !/\p{Cc}/u.test(text) ? text : undefined
}

/** @param signal - Of the refresh: passed on to the functions that give secrets. */
export function confidential(signal: AbortSignal): Confidential {
  const kept = new Set<string>()
  const keep = (text: string): string => {
    for (const form of [text, encodeURIComponent(text), new URLSearchParams([['', text]]).toString().slice(1)]) {
      if (form !== '') kept.add(form)
    }
    return text
  }
  return {
    keep,
    async reveal(secret, what) {
      let given: unknown
      try {
        given = typeof secret === 'function' ? await secret({ reason: 'initial', signal }) : secret
      } catch (cause) {
        signal.throwIfAborted()
        throw new OAuthError('CREDENTIAL', `the function that gives the ${what} failed.`, { cause })
      }
      const text = textOf(given)
      if (text !== undefined) return keep(text)
      throw new OAuthError('CREDENTIAL', `the ${what} must be ${TEXT}; this ${typeof given} is not.`)
    },
    show(text, length) {
      let shown = text
      // The longest first: one may be a part of another.
      for (const secret of [...kept].toSorted((a, b) => b.length - a.length)) {
        shown = shown.replaceAll(secret, '[secret]')
      }
      // What RFC 6749 §5.2 allows, and the letters of other languages.
      shown = shown.replace(/[\p{C}\p{Z}"\\]+/gu, ' ').trim()
      return shown.length > length ? `${shown.slice(0, length - 1)}…` : shown
    },
  }
}
