export { type HmacOptions, hmac } from './hmac.ts'
export type { HmacKey, HmacKeyProvider } from './key.ts'
export type { HmacParts, HmacPreset, HmacPresetName } from './presets.ts'
