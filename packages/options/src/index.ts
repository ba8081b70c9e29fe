export { checkFunction, checkNumber, checkOneOf, checkOptions, type NumberRange, OptionError } from './check.ts'
export { suggest } from './suggest.ts'
