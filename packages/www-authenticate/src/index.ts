export type { Challenge } from './types.ts'
