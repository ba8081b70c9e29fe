import type { Challenge } from '@fetchstack/www-authenticate'
import { type Algorithm, algorithmOf } from './algorithms.ts'

/** What may be answered. */
export interface Rules {
  readonly allowMd5: boolean
  readonly allowLegacy: boolean
  readonly integrity: boolean
}

/** How a request is protected. `undefined`: as RFC 2069 had it, before there was a choice. */
export type Qop = 'auth' | 'auth-int' | undefined

/** A challenge that can be answered. Texts are as the server wrote them, a character for each byte. */
export interface DigestChallenge {
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | undefined
  readonly algorithm: Algorithm
  /** At least one, the weakest first. */
  readonly qops: readonly Qop[]
  /** Whether the server says that it reads UTF-8. */
  readonly utf8: boolean
  /** Whether it wants the user's name hashed. */
  readonly userhash: boolean
  /** Whether the nonce was all that was wrong. */
  readonly stale: boolean
  /** With what the paths of its protection space begin, on this origin. */
  readonly paths: readonly string[]
}

/** The strongest challenge that may be answered, and why others may not. Whole ones: no parameter is taken from another. */
export function strongest(
  challenges: readonly Challenge[],
  rules: Rules,
  url: string,
): { readonly best: DigestChallenge | undefined; readonly refused: readonly string[] } {
  const refused: string[] = []
  let best: Omit<DigestChallenge, 'paths'> | undefined
  let domain: string | undefined
  for (const { scheme, params } of challenges) {
    if (scheme !== 'digest') continue
    const read = readChallenge(params, rules)
    if (typeof read === 'string') refused.push(read)
    // Of equals the first: servers put first what they prefer (RFC 7616 §3.7).
    else if (best === undefined || read.algorithm.strength > best.algorithm.strength) {
      best = read
      domain = params['domain']
    }
  }
  return { best: best && { ...best, paths: pathsOf(domain, url) }, refused: refused.slice(0, 5) }
}

/** A text when it may not be answered: why. */
function readChallenge(params: Challenge['params'], rules: Rules): Omit<DigestChallenge, 'paths'> | string {
  const { realm, nonce, opaque, qop } = params
  const algorithm = algorithmOf(params['algorithm'])
  if (algorithm === undefined) return 'an unknown algorithm'
  if (algorithm.strength === 0 && !rules.allowMd5) return 'MD5, without allowMd5'
  if (realm === undefined || nonce === undefined) return 'no realm or no nonce'
  // The key of a session has a cnonce in it, and RFC 2617 §3.2.2 forbids to send one where there is no qop.
  if (qop === undefined && (!rules.allowLegacy || algorithm.sess)) return 'no qop, without allowLegacy'
  const offered = qop?.toLowerCase().split(/[\s,]+/)
  const qops =
    offered === undefined ? [undefined] : (['auth', 'auth-int'] as const).filter((one) => offered.includes(one))
  if (qops.length === 0) return 'an unknown qop'
  if (qops[0] === 'auth-int' && !rules.integrity) return 'auth-int, without integrity'
  const is = (name: string, value: string): boolean => params[name]?.toLowerCase() === value
  return {
    realm,
    nonce,
    opaque,
    algorithm,
    qops,
    utf8: is('charset', 'utf-8'),
    userhash: is('userhash', 'true'),
    stale: is('stale', 'true'),
  }
}

// As many as 16 KiB have room for would take longer than all the rest.
const MOST_PATHS = 50

/** RFC 7616 §3.3, `domain`: the whole server unless it says otherwise. Other servers get challenges of their own. */
function pathsOf(domain: string | undefined, url: string): readonly string[] {
  const { origin } = new URL(url)
  const paths = (domain ?? '')
    .split(/\s+/, MOST_PATHS)
    .filter((part) => part !== '' && URL.canParse(part, url))
    .map((part) => new URL(part, url))
    .filter((part) => part.origin === origin)
    .map(({ href }) => targetOf(href))
  return paths.length === 0 ? [''] : paths
}

/** Path and query as `fetch` sends them: a lone `?` too, which `search` does not tell. */
export function targetOf(url: string): string {
  const { href, origin } = new URL(url)
  return href.slice(origin.length).replace(/#.*$/s, '')
}
