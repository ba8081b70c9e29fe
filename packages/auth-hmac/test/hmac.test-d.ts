import type { AuthScheme } from '@fetchstack/auth'
import { Secret } from '@fetchstack/secret'
import { expectTypeOf, it } from 'vitest'
import { type HmacKey, type HmacPreset, type HmacPresetName, hmac } from '../src/index.ts'

it('takes a key in every form, and gives a scheme', () => {
  expectTypeOf<string | Uint8Array | Secret | Secret<Uint8Array>>().toExtend<HmacKey>()
  expectTypeOf(hmac).returns.toEqualTypeOf<AuthScheme>()
  hmac({ key: Secret.of(new Uint8Array(1)), preset: 'github' })
  hmac({ key: ({ reason }) => reason, preset: 'slack' })
})

it('knows the names of the presets, and what one of your own gets', () => {
  expectTypeOf<HmacPresetName>().toEqualTypeOf<'standard-webhooks' | 'github' | 'slack'>()
  expectTypeOf<Parameters<HmacPreset['base']>[0]['bytes']>().toEqualTypeOf<Uint8Array<ArrayBuffer>>()
  // @ts-expect-error There is no such preset.
  expectTypeOf<'gitlab'>().toExtend<HmacPresetName>()
})
