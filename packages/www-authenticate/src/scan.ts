import type { FieldSource } from './types.ts'

/** How much of a field is looked at, in characters (a field's characters are bytes): 16 KiB. */
export const fieldLimit: number = 16_384

const TAB = 0x09
const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const EQUALS = 0x3d
const BACKSLASH = 0x5c

/** The value of a field; `''` for one that is not there. */
export function fieldOf(source: FieldSource, field: string): string {
  if (typeof source === 'string' || !source) return source ?? ''
  return ('headers' in source ? source.headers : source).get(field) ?? ''
}

/** What a parser of auth-params reads with. Each method starts where the last one ended. */
export interface Scanner {
  /** Skips commas and white space before an element; `false`: there is none. */
  next(): boolean
  /** A token in lower case; `''` when there is none. */
  token(): string
  /** Skips spaces and tabs; whether there were any. */
  space(): boolean
  /** Whether this element is over; what the limit cut off is not. */
  ended(): boolean
  /** Whether a parameter's `=` is here. */
  equals(): boolean
  /** A token68 that takes up the rest of the element; `undefined`, and nothing is skipped, when there is none. */
  token68(): string | undefined
  /** The `=` and the value of a parameter, which take up the rest of the element; `undefined` when they can't be read. */
  value(): string | undefined
  /** Skips the rest of the element, up to a comma outside quotes. */
  skip(): void
}

/**
 * Reads a list of challenges or parameters, one character at a time and without going back further than the start of a token68,
 * so that the work grows with the length and no faster.
 */
export function scanner(text: string): Scanner {
  const end = Math.min(text.length, fieldLimit)
  let at = 0
  const code = (): number => (at < end ? text.charCodeAt(at) : -1)

  const space = (): boolean => {
    const start = at
    while (code() === SPACE || code() === TAB) at++
    return at > start
  }
  const ended = (): boolean => {
    space()
    return at < end ? code() === COMMA : end === text.length
  }
  const run = (accepts: (code: number) => boolean): string => {
    const start = at
    while (accepts(code())) at++
    return text.slice(start, at)
  }
  /** From an opening quote behind the closing one; `undefined` when that is missing, or for a control character. */
  const quoted = (): string | undefined => {
    let value = ''
    let clean = true
    let start = ++at
    for (; at < end; at++) {
      const here = code()
      if (here === QUOTE) {
        value += text.slice(start, at++)
        return clean ? value : undefined
      }
      if (here === BACKSLASH) {
        value += text.slice(start, at++)
        start = at
      }
      clean &&= isText(code())
    }
    return undefined
  }
  const skip = (): void => {
    while (at < end && code() !== COMMA) {
      if (code() === QUOTE) quoted()
      else at++
    }
  }

  return {
    next() {
      for (space(); code() === COMMA; space()) at++
      return at < end
    },
    token: () => run(isToken).toLowerCase(),
    space,
    ended,
    equals: () => isEquals(code()),
    token68() {
      const start = at
      const value = run(isToken68) && text.slice(start, at) + run(isEquals)
      if (value !== '' && ended()) return value
      at = start
      return undefined
    },
    value() {
      if (!isEquals(code())) return undefined
      at++
      space()
      const value = code() === QUOTE ? quoted() : run(isToken) || undefined
      return ended() ? value : undefined
    },
    skip,
  }
}

/** `tchar` of RFC 9110 §5.6.2. By comparison: a look into a set of characters takes most of the time of a long field. */
export function isToken(code: number): boolean {
  return (
    isLetterOrDigit(code) ||
    code === 0x21 || // !
    (code >= 0x23 && code <= 0x27) || // #$%&'
    code === 0x2a || // *
    code === 0x2b || // +
    code === 0x2d || // -
    code === 0x2e || // .
    (code >= 0x5e && code <= 0x60) || // ^_`
    code === 0x7c || // |
    code === 0x7e // ~
  )
}

/** The characters of a token68 before its `=` (RFC 9110 §11.2): letters, digits and +-./_~ */
function isToken68(code: number): boolean {
  return isLetterOrDigit(code) || code === 0x2b || (code >= 0x2d && code <= 0x2f) || code === 0x5f || code === 0x7e
}

/** What may stand in a quoted string: everything but the control characters, and a tab (RFC 9110 §5.6.4). */
export function isText(code: number): boolean {
  return code === TAB || (code >= SPACE && code !== 0x7f)
}

function isEquals(code: number): boolean {
  return code === EQUALS
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)
}
