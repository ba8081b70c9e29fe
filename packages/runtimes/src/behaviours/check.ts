export { check } from '../expected/check.ts'
