/**
 * Makes Node's console print an object by its `toString`, not by its fields: they hold credentials.
 * By the registered symbol, as other runtimes read it too (Deno, Bun).
 */
export function printAsText(prototype: object): void {
  Object.defineProperty(prototype, Symbol.for('nodejs.util.inspect.custom'), {
    value(this: object): string {
      return String(this)
    },
  })
}

/**
 * The URL as it may be printed: without user name and password, query values or fragment. Parameter names stay.
 * Works on text that is no valid URL too, and never throws.
 *
 * @example
 * ```ts
 * import { redactUrl } from '@fetchstack/handler-stack'
 *
 * redactUrl('https://me:pw@api.example.com/videos?key=s3cret') // 'https://api.example.com/videos?key=…'
 * ```
 */
export function redactUrl(url: string): string {
  const [address = '', query] = url.split('#', 1)[0]!.split(/\?(.*)/s, 2)
  const safe = address.replace(/^([a-z][a-z\d+.-]*:[\\/]*)[^\\/]*@/i, '$1')
  if (query === undefined) return safe
  return `${safe}?${query.replace(/=[^&]*/g, '=…')}`
}
