import { OptionError } from '@fetchstack/options'

/** A route's pattern, ready to be matched. */
export interface Pattern {
  readonly text: string
  matches(method: string, path: string): boolean
}

/**
 * Reads a pattern: a path with an optional method before it. `:name` stands for one segment, a `*` at the end for any rest.
 * `GET /videos`, `/videos/:id`, `POST /upload/*`, `*`.
 *
 * @throws {OptionError} It is not of that form.
 */
export function parsePattern(owner: string, text: string): Pattern {
  const match = typeof text === 'string' ? /^(?:(\S+) +)?(\/\S*|\*)$/.exec(text.trim()) : null
  if (match === null) {
    throw new OptionError(
      owner,
      'pattern',
      `the pattern ${JSON.stringify(text)} can't be read. Write "GET /videos", "/videos/:id", "POST /files/*" or "*".`,
    )
  }
  const [, method = '*', path = '*'] = match
  const expression = toExpression(path)
  return {
    text: text.trim(),
    matches: (actualMethod, actualPath) =>
      (method === '*' || method.toUpperCase() === actualMethod.toUpperCase()) && expression.test(actualPath),
  }
}

function toExpression(path: string): RegExp {
  const open = path.endsWith('*')
  const source = (open ? path.slice(0, -1) : path)
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')))
    .join('/')
  return new RegExp(`^${source}${open ? '.*' : ''}$`)
}
