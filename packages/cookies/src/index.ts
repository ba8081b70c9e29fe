export { CookieJarError } from './cookie-jar-error.ts'
export { type CookiesOptions, cookies } from './cookies.ts'
export type { Jar } from './jar.ts'
