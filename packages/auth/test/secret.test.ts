import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { Secret } from '../src/index.ts'

const secret = Secret.of('hush')

it('reveals what it holds to whoever asks', () => {
  expect(secret.reveal()).toBe('hush')
  expect(Secret.of('').reveal()).toBe('')
})

it('prints as [secret] wherever text is made of it', () => {
  expect(`${secret}`).toBe('[secret]')
  expect(String(secret)).toBe('[secret]')
  // oxlint-disable-next-line typescript/restrict-plus-operands -- That is the case in question.
  expect('token: ' + secret).toBe('token: [secret]')
  expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}')
  expect(inspect({ nested: { secret } }, { depth: Infinity })).toBe('{ nested: { secret: [secret] } }')
})

it('shows nothing to what looks at its properties', () => {
  expect(inspect(secret, { customInspect: false, showHidden: true, depth: Infinity })).not.toContain('hush')
  expect(Reflect.ownKeys(secret)).toEqual([])
  expect(JSON.stringify(structuredClone(secret))).not.toContain('hush')
  expect({ ...secret }).toEqual({})
})

it('takes strings only, and does not say what it got', () => {
  expect(() => Secret.of(['hush'] as unknown as string)).toThrow(/^Secret\.of: value must be a string\.$/)
})
