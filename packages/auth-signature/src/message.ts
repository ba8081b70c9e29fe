import type { HttpRequest } from '@fetchstack/handler-stack'
import type { RequestDescriptor } from 'http-message-sig'
import { type Covered, encode } from './components.ts'

/**
 * The request as the library reads it: with the headers that are signed, and no others.
 *
 * @param length - Of the body, in bytes, where it is known.
 * @param fail - For what is to be signed, and is not there.
 */
export function describeRequest(
  request: HttpRequest,
  { components, queryParams }: Covered,
  length: number | undefined,
  fail: (problem: string) => never,
): RequestDescriptor {
  const { method } = request
  const url = new URL(request.url)
  url.hash = ''
  const valueOf = (name: string): string => {
    const queryParam = queryParams.get(name)
    if (queryParam !== undefined) {
      const values = url.searchParams.getAll(queryParam)
      // Several of one name can't be told apart (RFC 9421 §2.2.8).
      return values.length === 1
        ? encode(values[0]!)
        : fail(
            `the query has the parameter ${JSON.stringify(queryParam)} ${values.length} times, and must have it once.`,
          )
    }
    const value = request.header(name) ?? (name === 'content-length' ? lengthOf(method, length) : undefined)
    return value ?? fail(`the request has no header "${name}", which is to be signed.`)
  }
  const names = new Set(components.map(({ name }) => name).filter((name) => !name.startsWith('@')))
  return {
    kind: 'request',
    method,
    targetUri: url.href,
    requestTarget: `${url.pathname}${url.search}`,
    fields: Array.from(names, (name) => ({ name, value: valueOf(name) })),
  }
}

/** What `fetch` will send for a body of known bytes: nothing for none, unless the method wants one. */
function lengthOf(method: string, length: number | undefined): string | undefined {
  return length || (length === 0 && (method === 'POST' || method === 'PUT')) ? String(length) : undefined
}
