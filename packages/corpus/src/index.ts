export type { ErrorShape, Recorded, RecordedErrors, RuntimeName } from './types.ts'
