/**
 * The layer of every published package: a package depends only on packages of a lower layer. So middleware packages (one layer) never
 * depend on one another, and nothing below knows what is above.
 */
export const layers: Readonly<Record<string, number>> = {
  options: 0,
  'status-classifier': 1,
  backoff: 1,
  'retry-decision': 2,
  'handler-stack': 3,
  testing: 4,
  retry: 4,
  timeout: 4,
  auth: 4,
  ky: 5,
}

/** Data in, data out: no I/O, no clock, no randomness of their own. */
export const purePackages: readonly string[] = ['options', 'status-classifier', 'backoff', 'retry-decision']

/** What the main entry of a package may bring along from outside of this workspace. All others bring nothing. */
export const thirdPartyOfMainEntry: Readonly<Record<string, readonly string[]>> = {
  retry: ['p-retry'],
  ky: ['ky', 'undici'],
}

/** Packages for Node alone. All others run wherever fetch does. */
export const nodePackages: readonly string[] = ['testing']

/**
 * Entries that stay in a bundle even where nothing of them is used. The stack and its request print themselves in Node's inspector, which
 * takes a statement each, and whoever has a stack has both. The testing package is not for bundles.
 */
export const entriesThatStay: readonly string[] = ['@fetchstack/handler-stack', '@fetchstack/testing']
