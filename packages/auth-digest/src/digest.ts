import { AuthError, type AuthScheme } from '@fetchstack/auth'
import type { HttpRequest } from '@fetchstack/handler-stack'
import { checkOneOf, checkOptions, OptionError } from '@fetchstack/options'
import type { SecretInput } from '@fetchstack/secret'
import { parseAuthenticationInfo } from '@fetchstack/www-authenticate'
import { type Qop, strongest, targetOf } from './challenge.ts'
import { cover } from './cover.ts'
import { type Credentials, credentialsOf } from './credentials.ts'
import { passwordReader } from './password.ts'
import { makeCnonce, makeSessions, type Session } from './sessions.ts'

/** Options of {@link digest}. */
export interface DigestOptions {
  /** Whether a server that offers nothing better than MD5 is answered. Default `false`: its 401 stands. */
  readonly allowMd5?: boolean
  /**
   * Whether a challenge without `qop` is answered, as RFC 2069 had it: without a nonce of ours and without a count, so that whoever
   * reads along can send the request again. RFC 7616 has no such form; some old devices have no other. Default `false`.
   */
  readonly allowLegacy?: boolean
  /**
   * Whether the body is part of the proof (`auth-int`) where the server offers that: with `auth` beside it for a body that is text
   * or bytes, without it for every body. `false`: never. Default `true`.
   */
  readonly integrity?: boolean
  /**
   * What happens to the server's own proof that it knows the password (`rspauth`). `check`: a wrong one rejects the call, a missing
   * one is fine. `require`: a missing one rejects the call too. `ignore`: nothing. Default `'check'`.
   */
  readonly rspauth?: 'check' | 'require' | 'ignore'
  /**
   * What happens to a 401 whose Digest challenges may not be answered: MD5 only, unknown algorithms... `pass`: it comes back, and the
   * trail says why. `error`: the call is rejected. Default `'pass'`.
   */
  readonly unanswered?: 'pass' | 'error'
}

interface Sent extends Credentials {
  readonly qop: Qop
}

/**
 * Digest access authentication (RFC 7616), for `auth`. Answers the strongest of the server's challenges: SHA-512-256, then SHA-256,
 * then, where it is allowed, MD5; with their `-sess` variants.
 *
 * The nonce is remembered by origin and realm, so only the first request costs a second one; requests at once each have a count
 * of their own. A 401 that says that the nonce is `stale` is answered once more; any other after an answer stands.
 *
 * @param user - Without a colon and control characters.
 * @param password - Without control characters. Or a function, which is asked once per attempt, when a password is needed.
 * @throws {OptionError} When it is made: an option, the user or a password that is known can't be used.
 * @throws {AuthError} As a rejection of the call. `PROVIDER`, `SECRET`: the function of the password. `BODY`: the server takes
 * `auth-int` only, and the body can't be known. `PROOF`: the server's own proof is wrong. `CHALLENGE`: see `unanswered`.
 * @example
 * ```ts
 * import { auth } from '@fetchstack/auth'
 * import { digest } from '@fetchstack/auth-digest'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 *
 * const api = HandlerStack.create()
 *   .push(auth(digest('Mufasa', 'Circle of Life'), { origins: 'https://api.example.com' }))
 *   .toFetch()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function digest(user: string, password: SecretInput, options: DigestOptions = {}): AuthScheme {
  const name = 'digest'
  checkOptions(name, options, ['allowMd5', 'allowLegacy', 'integrity', 'rspauth', 'unanswered'])
  const { allowMd5 = false, allowLegacy = false, integrity = true, rspauth = 'check', unanswered = 'pass' } = options
  const rules = { allowMd5, allowLegacy, integrity }
  for (const [option, value] of Object.entries(rules)) checkOneOf(name, option, value, [true, false])
  checkOneOf(name, 'rspauth', rspauth, ['check', 'require', 'ignore'])
  checkOneOf(name, 'unanswered', unanswered, ['pass', 'error'])
  if (typeof user !== 'string' || !/^[^:\p{Cc}]*$/u.test(user)) {
    throw new OptionError(name, 'user', 'user must be a string without ":" and control characters (RFC 7616 §3.4.2).')
  }
  const readPassword = passwordReader(password)
  const sessions = makeSessions()

  /** What an answer says of the session. @throws {AuthError} `PROOF` */
  const accept = (
    response: Response,
    origin: string,
    session: Session,
    sent: Sent,
    fresh: boolean,
    request: HttpRequest,
  ): void => {
    const { nextnonce, rspauth: proof, qop } = parseAuthenticationInfo(response)
    const expected = sent.rspauth(qop === 'auth' || qop === 'auth-int' ? qop : sent.qop)
    const known = proof !== undefined && expected !== undefined
    if (rspauth !== 'ignore' && (known ? proof.toLowerCase() !== expected : rspauth === 'require')) {
      sessions.drop(origin, session)
      const problem = known ? 'its proof (rspauth) is wrong' : 'it sent no proof (rspauth) that can be checked'
      throw new AuthError('PROOF', name, request, `the server may not know the password: ${problem}.`)
    }
    if (nextnonce) sessions.keep(origin, sessions.begin(origin, session.challenge, nextnonce, session))
    else if (fresh) sessions.keep(origin, session)
  }

  return {
    name,
    writes: { headers: ['authorization'] },
    binds: ['method', 'url', 'body', 'once'],
    async *flow(original, context) {
      const { origin, challenges, record } = context
      const uri = targetOf(original.url)
      let session = sessions.find(origin, uri)
      let request = original
      let known: string | undefined
      let answered = false
      let renewed = false
      for (;;) {
        let sent: Sent | undefined
        if (session !== undefined) {
          known ??= await readPassword(original)
          const covered = await cover(request, session.challenge, integrity, context)
          const { qop, body } = covered
          request = covered.request
          sent = { qop, ...makeCredentials(session, { user, password: known, method: request.method, uri, qop, body }) }
        }
        const response = yield sent === undefined ? request : request.withHeader('authorization', sent.header)
        // `fetch` has followed to another URL: neither its challenge nor its proof belongs to this one.
        if (response.redirected) return

        if (response.status !== 401) {
          if (session !== undefined && sent !== undefined) accept(response, origin, session, sent, answered, original)
          return
        }

        if (session !== undefined) sessions.drop(origin, session)
        const { best, refused } = strongest(challenges(response), rules, request.url)
        if (best === undefined) {
          if (refused.length === 0) return
          record('unanswered', refused)
          if (unanswered === 'pass') return
          const problem = `the server's challenges may not be answered (${refused.join('; ')}).`
          throw new AuthError('CHALLENGE', name, original, problem)
        }
        const again = best.stale && !renewed && best.nonce !== session?.nonce
        if (answered && !again) {
          record('rejected')
          return
        }
        record(best.stale ? 'stale' : 'challenge', best.algorithm.name ?? 'MD5')
        renewed ||= best.stale
        answered = true
        session = sessions.begin(origin, best, best.nonce)
        if (request.replay === 'never') {
          // The next call knows what to do; of this one, auth says in the trail why it ends here.
          sessions.keep(origin, session)
          yield request
          return
        }
      }
    },
  }
}

/** The count is taken in the same step as it is written, so no two requests can have the same. */
function makeCredentials(
  session: Session,
  rest: Pick<Parameters<typeof credentialsOf>[0], 'user' | 'password' | 'method' | 'uri' | 'qop' | 'body'>,
): Credentials {
  const { challenge, nonce, start, used } = session
  // The server may make the key of a session anew from what each request says, so that stays the same.
  const cnonce = challenge.algorithm.sess ? start.cnonce : makeCnonce()
  return credentialsOf({ ...rest, challenge, nonce, start, cnonce, count: ++used.count })
}
