export { NetrcError, type NetrcErrorKind } from './errors.ts'
export { type NetrcOptions, type NetrcScheme, netrc } from './netrc.ts'
