export { type Redirect, redirectsOf } from './history.ts'
export type { OnRedirect, RedirectCallOptions, RedirectOptions } from './options.ts'
export { redirect } from './redirect.ts'
export { isRedirectError, RedirectError, type RedirectErrorKind } from './redirect-error.ts'
