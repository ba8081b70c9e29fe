import { type AuthScheme, auth, type SchemeOptions } from '@fetchstack/auth'
import { type FetchInput, HandlerStack, type HttpRequest } from '@fetchstack/handler-stack'
import { mockHandler } from '@fetchstack/testing'

/** What a scheme makes of a request, sent to a mock. */
export async function sign(
  scheme: AuthScheme,
  input: FetchInput,
  init?: object,
  options?: Partial<SchemeOptions>,
): Promise<HttpRequest> {
  const mock = mockHandler([200])
  const origins = new URL(input instanceof Request ? input.url : input).origin
  const api = HandlerStack.create(mock)
    .push(auth(scheme, { origins, ...options }))
    .toFetch()
  await api(input, init)
  return mock.last!.request
}

/** What a call is rejected with. */
export async function rejection(
  scheme: AuthScheme,
  input: FetchInput,
  init?: object,
): Promise<Error & { code: string }> {
  return sign(scheme, input, init).then(
    () => {
      throw new Error('It was not rejected.')
    },
    (error: unknown) => error as Error & { code: string },
  )
}

/** Everything that could be printed of an error. */
export function printed(error: Error): string {
  return `${error} ${error.stack} ${JSON.stringify(error)} ${Object.values(error).map(String).join(' ')}`
}
