/**
 * The layer of every published package: a package depends only on packages of a lower layer. So middleware packages never
 * depend on one another: schemes of auth are no middleware, and stand on auth, and nothing below knows what is above.
 */
export const layers: Readonly<Record<string, number>> = {
  options: 0,
  'status-classifier': 1,
  backoff: 1,
  secret: 1,
  'www-authenticate': 1,
  corpus: 1,
  'retry-decision': 2,
  'handler-stack': 3,
  'token-source': 4,
  testing: 4,
  retry: 4,
  timeout: 4,
  redirect: 4,
  mtls: 4,
  auth: 5,
  'auth-oauth': 6,
  'auth-dpop': 6,
  'auth-digest': 6,
  'auth-signature': 6,
  'auth-sigv4': 6,
  'auth-hmac': 6,
  'auth-netrc': 6,
  ky: 6,
  cookies: 4,
  pool: 4,
  'request-options': 4,
  adapters: 4,
}

/** Data in, data out: no I/O, no clock, no randomness of their own. */
export const purePackages: readonly string[] = ['options', 'status-classifier', 'backoff', 'retry-decision']

/** What the main entry of a package may bring along from outside of this workspace. All others bring nothing. */
export const thirdPartyOfMainEntry: Readonly<Record<string, readonly string[]>> = {
  retry: ['p-retry'],
  ky: ['ky', 'undici'],
  mtls: ['undici'],
  corpus: [],
  'auth-oauth': ['oauth4webapi'],
  'auth-dpop': ['dpop'],
  'auth-digest': ['@noble/hashes'],
  'auth-signature': ['http-message-sig', 'structured-headers'],
  'auth-sigv4': ['aws4fetch'],
  pool: ['p-map'],
}

/** Packages for Node alone. All others run wherever fetch does. */
export const nodePackages: readonly string[] = ['testing', 'auth-netrc', 'mtls']

/** Entries for Node alone, of packages whose other entries run wherever fetch does. */
export const nodeEntries: readonly string[] = ['@fetchstack/token-source/file']

/**
 * Entries that stay in a bundle even where nothing of them is used. The stack and its request print themselves in Node's inspector, which
 * takes a statement each, and whoever has a stack has both. The testing package is not for bundles.
 */
export const entriesThatStay: readonly string[] = [
  '@fetchstack/handler-stack',
  '@fetchstack/testing',
  '@fetchstack/testing/conformance',
]
