import { fileURLToPath } from 'node:url'
import { measureSizes, type Size } from '@fetchstack/checks/sizes'

const folder = fileURLToPath(new URL('..', import.meta.url))

/** Everything of ours and its peers, minified and gzipped in the same way. */
export async function sizes(): Promise<Size[]> {
  const peers = [
    ['p-retry', "export { default } from 'p-retry'"],
    ['fetch-extras, same features', "export { pipeline, withHeaders, withRetry, withTimeout } from 'fetch-extras'"],
    ['ofetch', "export { ofetch } from 'ofetch'"],
    ['wretch with retry', "export { default } from 'wretch'; export { retry } from 'wretch/middlewares'"],
    ['axios', "export { default } from 'axios'"],
    ['cockatiel, retry and timeout', "export { handleAll, retry, timeout, wrap } from 'cockatiel'"],
  ] as const
  return measureSizes(peers.map(([name, code]) => ({ name, code, folder })))
}
