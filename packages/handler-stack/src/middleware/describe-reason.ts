import { redactUrl } from '../redact.ts'

// Messages quote URLs, and URLs hold secrets.
const urls = /[a-z][a-z\d+.-]*:\/\/[^\s"'<>]+/gi

/** Whatever a call was rejected with, on one line: name, message and code of an error; of its cause the code alone. */
export function describeReason(reason: unknown): string {
  try {
    const { name, message, code, cause } = Object(reason) as Partial<Record<string, unknown>>
    if (typeof message !== 'string') return oneLine(String(reason))
    const why = code ?? (cause as { code?: unknown } | undefined)?.code
    return oneLine(`${String(name)}: ${message}${typeof why === 'string' ? ` (${why})` : ''}`)
  } catch {
    return typeof reason
  }
}

function oneLine(text: string): string {
  return text.replace(urls, redactUrl).replace(/\s+/g, ' ')
}
