import { expectTypeOf, it } from 'vitest'
import { Secret, type SecretContext, type SecretInput, type SecretProvider } from '../src/index.ts'

it('a Secret is of a string unless it is of bytes', () => {
  expectTypeOf(Secret.of('k')).toEqualTypeOf<Secret>()
  expectTypeOf(Secret.of('k').reveal()).toEqualTypeOf<string>()
  expectTypeOf(Secret.of(new Uint8Array()).reveal()).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
  // @ts-expect-error Bytes are not text.
  expectTypeOf<Secret<Uint8Array>>().toExtend<Secret>()
  // @ts-expect-error Only `Secret.of` makes one.
  void (() => new Secret('k'))
})

it('an input is text, a Secret of text, or a function that gives one of them', () => {
  expectTypeOf<string | Secret | SecretProvider>().toEqualTypeOf<SecretInput>()
  expectTypeOf<() => Promise<Secret>>().toExtend<SecretInput>()
  expectTypeOf<SecretContext['reason']>().toEqualTypeOf<'initial' | 'rejected'>()
})
