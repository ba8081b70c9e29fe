/**
 * What differs between two plain values, one line per place: `  .error.name: expected "TypeError", got "Error"`. `undefined` when
 * nothing does. The order of keys does not matter.
 */
export function difference(expected: unknown, got: unknown): string | undefined {
  const lines = compare('', plain(expected), plain(got))
  return lines.length === 0 ? undefined : lines.join('\n')
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))

function compare(path: string, expected: unknown, got: unknown): string[] {
  if (isContainer(expected) && isContainer(got) && Array.isArray(expected) === Array.isArray(got)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(got)])
    return [...keys].flatMap((key) => compare(step(path, key, Array.isArray(expected)), expected[key], got[key]))
  }
  if (Object.is(expected, got)) return []
  return [`${path === '' ? '(all)' : path}: expected ${show(expected)}, got ${show(got)}`]
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function step(path: string, key: string, inArray: boolean): string {
  if (inArray) return `${path}[${key}]`
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
