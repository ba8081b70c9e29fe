import { describe, expect, it } from 'vitest'
import { parseNetrc } from '../src/parse.ts'

const failure = (problem: string, line: number) => new Error(`${line}: ${problem}`)
const read = (text: string) =>
  parseNetrc(text, failure).map(({ machine, login, password }) => [machine, login, password])

describe('what is read', () => {
  const one = [['a.example', 'me', 'open']]

  it.each([
    ['on one line', 'machine a.example login me password open'],
    ['on many lines, with tabs', 'machine a.example\n\tlogin me\n\tpassword open\n'],
    ['a word a line', 'machine\na.example\nlogin\nme\npassword\nopen'],
    ['with the line ends of Windows', 'machine a.example\r\nlogin me\r\npassword open\r\n'],
    ['with form feeds and vertical tabs', '\fmachine\va.example login me\f password open\v'],
    ['the password first', 'machine a.example password open login me'],
    ['the host in any case', 'machine A.Example login me password open'],
    ['an account, which is not for HTTP', 'machine a.example login me account a-1 password open'],
    ['with quotes', '"machine" "a.example" login "me" password "open"'],
    ['with comments', '# mine\nmachine a.example # host\n  # between\n login me # login\npassword open # end'],
    [
      'with macros',
      'macdef init\ncd /\nmachine x login y\n\nmachine a.example login me password open\nmacdef m\nget x',
    ],
    ['a macro ends at a line of spaces', 'macdef m\nquit\n \t\r\nmachine a.example login me password open'],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual(one)
  })

  it('quotes keep spaces, and a backslash keeps what follows it; n, r and t are control characters, as in curl', () => {
    expect(read(String.raw`machine a login "my name" password "a\"b\\c\n\r\t\é d"`)).toEqual([
      ['a', 'my name', 'a"b\\c\n\r\té d'],
    ])
  })

  it('a value may begin with #, and hold quotes, backslashes and no-break spaces as they are', () => {
    expect(read('machine a login #me password #a"b\\n\u00a0c')).toEqual([['a', '#me', '#a"b\\n\u00a0c']])
  })

  it('a value may be a keyword, and empty in quotes', () => {
    expect(read('machine machine login login password ""')).toEqual([['machine', 'login', '']])
  })

  it('default has no host; what is missing is undefined; entries keep their order and their lines', () => {
    const text = 'machine a\n\nmachine a login me\nmacdef m\n1\n2\n\ndefault login you password x'
    expect(parseNetrc(text, failure)).toEqual([
      { machine: 'a', login: undefined, password: undefined, line: 1 },
      { machine: 'a', login: 'me', password: undefined, line: 3 },
      { machine: undefined, login: 'you', password: 'x', line: 8 },
    ])
  })

  it('a file without entries', () => {
    for (const text of ['', '\n \n', '# nothing', 'macdef m', 'macdef m\n']) expect(read(text)).toEqual([])
  })
})

describe('what is refused, with the line', () => {
  it.each([
    ['a password with a space', 'machine a\nlogin me password open Kf81', 2, 'needs quotes'],
    ['a keyword without a value', 'machine a\nlogin me\npassword\n\n', 3, '"password" has no value'],
    ['a machine without a name', '\nmachine', 2, '"machine" has no value'],
    ['a macro without a name', 'macdef', 1, '"macdef" has no value'],
    ['a login before the first machine', '# x\nlogin Kf81', 2, 'before the first "machine"'],
    ['a quote without an end', 'machine a password "Kf81', 1, 'quote is not closed'],
    ['a quote over two lines', 'machine a\npassword "Kf81\nopen"', 2, 'quote is not closed'],
    ['a backslash at the end of a line', 'machine a password "Kf81\\\n"', 1, 'quote is not closed'],
    ['text behind a quote', 'machine a password "open"Kf81', 1, 'quote is not closed'],
    ['a line number behind a macro', 'macdef m\na\nb\n\n\nKf81', 6, 'a keyword is wanted'],
  ])('%s', (_, text, line, problem) => {
    expect(() => read(text)).toThrow(problem)
    expect(() => read(text)).toThrow(new RegExp(`^${line}: `))
    expect(() => read(text)).not.toThrow('Kf81')
  })
})

it('the largest file is read in one go, whatever it is made of', () => {
  const size = 2 ** 20
  for (const piece of ['"', '\\', ' ', '#', 'x', '\n', '"a" ', 'macdef m\n', '\t\n']) {
    const text = `machine a password ${piece.repeat(size / piece.length)}`
    expect(() => {
      try {
        read(text)
      } catch (error) {
        if (!/^\d+: /.test((error as Error).message)) throw error
      }
    }).not.toThrow()
  }
  expect(read(`machine a password "${'x'.repeat(size)}"`)[0]![2]).toHaveLength(size)
  expect(read(`macdef m\n${'x y\n'.repeat(size / 4)}\nmachine a`)).toHaveLength(1)
})
