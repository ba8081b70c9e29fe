export type { AwsCredentials, AwsCredentialsProvider } from './credentials.ts'
export { aws4fetchEngine, type SigV4Engine, type SigV4Input } from './engine.ts'
export { type SigV4Options, sigv4 } from './sigv4.ts'
