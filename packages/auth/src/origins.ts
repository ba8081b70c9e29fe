import { redactUrl } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'

/**
 * Scheme, host and port, as text or `URL`. `https://*.example.com` stands for exactly one label in the place of the star, as in
 * certificates (RFC 9525 §6.3): not for `example.com`, not for `a.b.example.com`.
 */
export type OriginRule = string | URL

// After a star at least two labels, or it would be for a whole top-level domain. No `%`: a URL decodes its host, and a hidden
// star would come out.
const shape = /^(https?:\/\/)(\*\.(?=[^/]+\.[^/]|localhost\b))?([^\s*/\\?#@%]+)\/?$/i

/** Which origins a credential may go to, by the value of `insecure`. */
export const allowed: Readonly<Record<string, RegExp>> = {
  never: /^https:/,
  loopback: /^https:|\/\/(.+\.)?(localhost|127(\.\d+){3}|\[::1])(:\d+)?$/,
  always: /^/,
}

/**
 * A rule in the form of `URL.origin`: lower case, punycode, default ports left out.
 *
 * @throws {OptionError} It is no origin, or it is plain http where `insecure` forbids that.
 */
export function readRule(owner: string, rule: unknown, insecure: string): string {
  const text = String(rule)
  try {
    const [, scheme, star = '', host] = shape.exec(text)!
    const { origin } = new URL(scheme! + host)
    if (allowed[insecure]!.test(origin)) return origin.replace('//', `//${star}`)
  } catch {}
  throw new OptionError(
    owner,
    'origins',
    `origins must be like 'https://api.example.com' or 'https://*.example.com', without a path, and with http only where "insecure" allows it; got "${redactUrl(text)}".`,
  )
}

/** Whether one of the rules is for this origin. */
export function covers(rules: readonly string[], origin: string): boolean {
  return rules.includes(origin) || rules.includes(origin.replace(/\/\/[^.]+/, '//*'))
}
