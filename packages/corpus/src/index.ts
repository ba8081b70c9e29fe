export type { ErrorShape, RuntimeName } from './types.ts'
