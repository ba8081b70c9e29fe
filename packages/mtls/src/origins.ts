import { redactUrl } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'

/**
 * Scheme (https), host and port, as text or `URL`. `https://*.example.com` stands for exactly one label in the place of the star, as in
 * certificates (RFC 9525 §6.3): not for `example.com`, not for `a.b.example.com`.
 */
export type OriginRule = string | URL

// No `%`: a URL decodes its host, and a hidden star would come out. After a star at least two labels, or `localhost`.
const shape = /^https:\/\/(\*\.(?=[^/]+\.[^/]|localhost\b))?([^\s*/\\?#@%]+)\/?$/i

/** The rules in the form of `URL.origin`. @throws {OptionError} One is no https origin, or there is none. */
export function readOrigins(origins: unknown): string[] {
  const rules: readonly unknown[] = Array.isArray(origins) ? origins : [origins]
  if (rules.length === 0) throw new OptionError('mtls', 'origins', 'origins must have at least one origin.')
  return rules.map((rule) => {
    const text = String(rule)
    try {
      const [, star = '', host] = shape.exec(text)!
      return new URL(`https://${host!}`).origin.replace('//', `//${star}`)
    } catch {
      throw new OptionError(
        'mtls',
        'origins',
        `origins must be like 'https://api.example.com' or 'https://*.example.com', with https and without a path; got "${redactUrl(text)}".`,
      )
    }
  })
}

/** Whether one of the rules is for this origin. */
export function covers(rules: readonly string[], origin: string): boolean {
  return rules.includes(origin) || rules.includes(origin.replace(/\/\/[^.]+/, '//*'))
}
