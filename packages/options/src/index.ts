export { checkFunction, checkNumber, checkOneOf, checkOptions, type NumberRange, OptionError, refuse } from './check.ts'
export { suggest } from './suggest.ts'
