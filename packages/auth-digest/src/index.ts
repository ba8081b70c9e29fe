export { type DigestOptions, digest } from './digest.ts'
