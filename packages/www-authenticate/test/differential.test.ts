import fc from 'fast-check'
import { customFetch, protectedResourceRequest, WWWAuthenticateChallengeError } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { parseChallenges } from '../src/index.ts'

interface Plain {
  scheme: string
  params: Record<string, string>
  token68?: string | undefined
}

/** What oauth4webapi reads: it shows it in the error of a request that was refused. `undefined`: it can't read the field. */
async function oracle(fields: readonly string[]): Promise<Plain[] | undefined> {
  const headers = headersOf(fields)
  const answer = async () => new Response(null, { status: 401, headers })
  const url = new URL('https://api.example.com')
  try {
    await protectedResourceRequest('token', 'GET', url, undefined, undefined, { [customFetch]: answer })
  } catch (error) {
    if (!(error instanceof WWWAuthenticateChallengeError)) throw error
    return error.cause.map((one) => plain(one.scheme, one.parameters, one.token68))
  }
  return undefined
}

const ours = (fields: readonly string[]): Plain[] =>
  parseChallenges(headersOf(fields)).map((one) => plain(one.scheme, one.params, one.token68))

const plain = (scheme: string, params: object, token68: string | undefined): Plain => ({
  scheme,
  params: Object.fromEntries(Object.entries(params)),
  token68,
})

const headersOf = (fields: readonly string[]) => new Headers(fields.map((field) => ['www-authenticate', field]))

/** A few characters of many kinds, so that names meet. */
const text = (characters: string, maxLength = 6) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength })
const token = text("aBcZ09!#$%&'*+-.^_`|~")
const space = fc.constantFrom('', '', ' ', '\t', '  ')
const comma = fc.constantFrom(',', ', ', ' , ', ',,', ', ,\t', ' ,')
const quoted = fc
  .array(
    fc.oneof(
      text(' aZ,=\t;()<@\u00e4\u00ff!', 3),
      text('"\\', 1).map((one) => `\\${one}`),
      fc.constant('\\a'),
    ),
  )
  .map((all) => `"${all.join('')}"`)

const param = fc.tuple(token, space, space, fc.oneof(token, quoted)).map(([name, before, after, value]) => ({
  name: name.toLowerCase(),
  text: `${name}${before}=${after}${value}`,
}))
const params = fc
  .uniqueArray(param, { selector: ({ name }) => name, minLength: 1, maxLength: 4 })
  .chain((all) =>
    fc
      .array(comma, { minLength: all.length, maxLength: all.length })
      .map((commas) => all.map((one, index) => `${index === 0 ? '' : commas[index]}${one.text}`).join('')),
  )
const token68 = fc.tuple(text('aZ09-._~+/', 12), fc.constantFrom('', '=', '==')).map(([name, end]) => name + end)
const scheme = text('aBcZ09-._~+')
const challenge = fc.oneof(
  fc.tuple(scheme, fc.constantFrom(' ', '  ', ' \t'), params).map((all) => all.join('')),
  fc.tuple(scheme, token68).map((all) => all.join(' ')),
  scheme,
)
/** Fields, each with one challenge or more. What oauth4webapi can't read of the grammar is not in here but in the list below. */
const field = fc
  .tuple(fc.constantFrom('', ',', ', '), fc.array(challenge, { minLength: 1, maxLength: 4 }))
  .map(([before, all]) => before + all.join(', '))
const fields = fc.array(field, { minLength: 1, maxLength: 3 })

describe('against oauth4webapi', () => {
  it('both read the same in what keeps to the grammar, in one field and in several', async () => {
    await fc.assert(
      fc.asyncProperty(fields, async (all) => {
        expect(ours(all)).toEqual(await oracle(all))
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    [
      'a name twice: the first counts, as it may be once only (RFC 9110 §11.2)',
      'Basic a=1, A=2',
      { a: '1' },
      { a: '2' },
    ],
    ['a name that objects have: it is one like any other', 'Basic __proto__=1', { ['__proto__']: '1' }, {}],
    [
      'parameters without a comma between: no list (RFC 9110 §5.6.1)',
      'Basic a="1" b="2", c=3',
      { c: '3' },
      { a: '1', b: '2', c: '3' },
    ],
    ['one bad parameter: only that one is left out', 'Basic a=1, b=@, c=3', { a: '1', c: '3' }, undefined],
    ['an open quote: what is before it stays', 'Basic a=1, b="2', { a: '1' }, undefined],
    ['a comma after the scheme: an empty element (RFC 9110 §5.6.1)', 'Basic, a=1', { a: '1' }, undefined],
  ])('differs in %s', async (_title, value, mine, theirs) => {
    expect(ours([value])).toEqual([plain('basic', mine, undefined)])
    expect(await oracle([value])).toEqual(theirs && [plain('basic', theirs, undefined)])
  })

  it.each([
    ['a token68 with three "=": any number may follow (RFC 9110 §11.2)', 'Negotiate ab===', ['negotiate']],
    ['a comma at the end (RFC 9110 §5.6.1)', 'Basic,', ['basic']],
    ['white space before the comma after a scheme (RFC 9110 §5.6.1)', 'Negotiate , Basic', ['negotiate', 'basic']],
    [
      'a scheme of other characters than a token68 behind a parameter (RFC 9110 §11.1)',
      'Basic a=1, x!y b=2',
      ['basic', 'x!y'],
    ],
  ])('reads what oauth4webapi does not: %s', async (_title, value, schemes) => {
    expect(ours([value]).map((one) => one.scheme)).toEqual(schemes)
    expect(await oracle([value])).toBeUndefined()
  })
})
