import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type NetrcEntry, parseNetrc } from '../src/parse.ts'

class Refused extends Error {}
const refuse = (problem: string, line: number) => new Refused(`${line}: ${problem}`)

const pieces = fc.constantFrom(
  'machine',
  'default',
  'login',
  'password',
  'account',
  'macdef',
  '"',
  '\\',
  '#',
  ' ',
  '\t',
  '\r\n',
  '\n',
  '\n\n',
  'é',
  'x',
)
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 60 }).map((parts) => parts.join('')),
  fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(' ')),
)

it('no text makes it throw anything but the error for a line that exists', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const lines = text.split('\n').length
      try {
        for (const { line } of parseNetrc(text, refuse)) expect(line).toBeLessThanOrEqual(lines)
      } catch (error) {
        expect(error).toBeInstanceOf(Refused)
        const line = Number.parseInt((error as Error).message, 10)
        expect(line).toBeGreaterThan(0)
        expect(line).toBeLessThanOrEqual(lines)
      }
    }),
    { numRuns: 2_000 },
  )
})

it('no error shows what stands in the file', () => {
  const secret = 'hush-Kf81'
  const around = fc.array(fc.oneof(pieces, fc.constant(secret), fc.constant(`"${secret}`)), { maxLength: 30 })
  fc.assert(
    fc.property(around, fc.constantFrom(' ', '\n', ''), (parts, glue) => {
      try {
        parseNetrc(parts.join(glue), refuse)
      } catch (error) {
        expect((error as Error).message).not.toContain('Kf81')
      }
    }),
    { numRuns: 1_000 },
  )
})

// A string as netrc has it: bare where it can be, or else in quotes.
const write = (text: string, bare: boolean): string => {
  if (bare && /^[^"\s][^ \t\v\f\r\n]*$/.test(text)) return text
  const inside = text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')
  return `"${inside}"`
}

it('what is written is read again, whatever stands between the words', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 })
  const space = fc.constantFrom(' ', '\t', '\n', '\r\n', ' \n\t ', '\n\n')
  const comment = fc.constantFrom('', ' # machine x login y password z\n', '\n#\n', '\nmacdef m\nlogin x\n\n')
  const entry = fc.record({
    machine: fc.option(fc.domain(), { nil: undefined }),
    login: fc.option(text, { nil: undefined }),
    password: fc.option(text, { nil: undefined }),
  })
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 5 }), space, comment, fc.boolean(), (entries, gap, end, bare) => {
      const file = entries.map(({ machine, login, password }) =>
        [
          machine === undefined ? 'default' : `machine${gap}${machine}`,
          ...(login === undefined ? [] : [`login${gap}${write(login, bare)}`]),
          ...(password === undefined ? [] : [`password${gap}${write(password, bare)}`]),
        ].join(gap),
      )
      const got = parseNetrc(file.map((part) => `${part}${end || '\n'}`).join(''), refuse)
      const fields = ({ machine, login, password }: Omit<NetrcEntry, 'line'>) => ({ machine, login, password })
      const lower = (machine: string | undefined) => machine?.toLowerCase()
      expect(got.map(fields)).toEqual(entries.map((one) => ({ ...one, machine: lower(one.machine) })))
    }),
    { numRuns: 1_000 },
  )
})
