export { batch, pool } from './pool.ts'
export type { BatchOptions, PoolOptions, PoolRequest, PoolResult } from './types.ts'
