export { type DPoPOptions, dpop } from './dpop.ts'
export { type DPoPAlgorithm, type DPoPKeyOptions, dpopKey, dpopThumbprint } from './key.ts'
