import type { AuthScheme } from '@fetchstack/auth'
import { expectTypeOf, it } from 'vitest'
import { type Component, type MessageSignatureOptions, messageSignature, type Signer, signer } from '../src/index.ts'

it('gives a scheme, and the helper a signer', () => {
  expectTypeOf(messageSignature).returns.toEqualTypeOf<AuthScheme>()
  expectTypeOf(signer).returns.toEqualTypeOf<Signer>()
})

it('takes a component as a name, as a member, or as a query parameter', () => {
  expectTypeOf<'@method' | { name: 'x'; key: 'a' } | { queryParam: 'id' }>().toExtend<Component>()
  expectTypeOf<{ name: 'x' }>().not.toExtend<Component>()
  expectTypeOf<MessageSignatureOptions['components']>().toEqualTypeOf<readonly Component[]>()
})
