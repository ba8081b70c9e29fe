/** What the file says of one host. */
export interface NetrcEntry {
  /** In lower case; `undefined` for `default`. */
  readonly machine: string | undefined
  readonly login: string | undefined
  readonly password: string | undefined
  /** Where it begins, counted from 1. */
  readonly line: number
}

interface Token {
  readonly text: string
  readonly line: number
}

// Between values: only what C calls white space. A no-break space may be part of a password.
const spaces = /[ \t\v\f\r]*/y
const bare = /[^ \t\v\f\r\n]+/y
// As curl reads it: within one line, a backslash before whatever is meant as it is.
const quoted = /"((?:[^"\\\n]|\\[^\n])*)"(?=[ \t\v\f\r\n]|$)/y
// To the first line that is empty.
const macro = /[^\n]*\n(?:[^\n]*[^ \t\v\f\r\n][^\n]*(?:\n|$))*/y
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/**
 * Reads the text of a netrc file. The entries come in their order; the first that fits is meant.
 *
 * @param fail - Makes the error for a line. It is told nothing of what stands there.
 */
export function parseNetrc(text: string, fail: (problem: string, line: number) => Error): NetrcEntry[] {
  let at = 0
  let line = 1
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) return undefined
    at = pattern.lastIndex
    return found[1] ?? found[0]
  }

  /** The next word, on whichever line. A comment begins where a keyword may stand: a password may begin with `#`. */
  const next = (keyword: boolean): Token | undefined => {
    for (;;) {
      take(spaces)
      if (text[at] === '\n') {
        at++
        line++
      } else if (keyword && text[at] === '#') {
        take(/[^\n]*/y)
      } else break
    }
    if (at === text.length) return undefined
    if (text[at] !== '"') return { text: take(bare)!, line }
    const value = take(quoted)
    if (value === undefined) throw fail('a quote is not closed on its line, or not followed by a space.', line)
    return { text: value.replaceAll(/\\(.)/gsu, (_, char: string) => escapes[char] ?? char), line }
  }
  const value = (keyword: Token): string => {
    const token = next(false)
    if (token === undefined) throw fail(`"${keyword.text}" has no value.`, keyword.line)
    return token.text
  }

  const entries: { -readonly [Field in keyof NetrcEntry]: NetrcEntry[Field] }[] = []
  for (let word = next(true); word !== undefined; word = next(true)) {
    const entry = entries.at(-1)
    switch (word.text) {
      case 'machine':
      case 'default': {
        const machine = word.text === 'machine' ? value(word).toLowerCase() : undefined
        entries.push({ machine, login: undefined, password: undefined, line: word.line })
        break
      }
      case 'login':
      case 'password':
      case 'account': {
        if (entry === undefined) throw fail(`"${word.text}" stands before the first "machine".`, word.line)
        const text = value(word)
        if (word.text !== 'account') entry[word.text] = text
        break
      }
      case 'macdef':
        value(word)
        line += (take(macro) ?? '').split('\n').length - 1
        break
      default:
        throw fail(
          'here a keyword is wanted: machine, default, login, password, account, macdef. A value with spaces needs quotes.',
          word.line,
        )
    }
  }
  return entries
}
