/** Makes Node's console (and that of Deno and Bun) print an object by its `toString`: its fields hold credentials. */
export function printAsText(prototype: object): void {
  Object.assign(prototype, { [Symbol.for('nodejs.util.inspect.custom')]: prototype.toString })
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
  // White space too: URL parsers drop tabs and line feeds wherever they stand. The look-ahead keeps this linear.
  return url
    .replace(/#.*/s, '')
    .replace(/^((?:[^:/\\?]*:)?[/\\\s]*)(?![/\\\s])[^/\\?]*@/, '$1')
    .replace(/\?.*/s, (query) => query.replace(/=[^&]*/g, '=…'))
}
