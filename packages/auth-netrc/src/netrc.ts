import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type AuthContext, type AuthScheme, basicScheme } from '@fetchstack/auth'
import type { HttpRequest } from '@fetchstack/handler-stack'
import { checkOneOf, checkOptions, OptionError } from '@fetchstack/options'
import { NetrcError } from './errors.ts'
import type { NetrcEntry } from './parse.ts'
import { type NetrcFile, readNetrc } from './read-file.ts'

/** Options of {@link netrc}. */
export interface NetrcOptions {
  /**
   * What happens to a file that others than its owner can read or change. `error`: it is refused. `any`: it is read, which a container whose
   * secrets are mounted may need. Windows has no such rights: nothing is checked there. Default `'error'`.
   */
  readonly mode?: 'error' | 'any'
  /**
   * When the file is read again. `never`: it is read once, for the first request. `changed`: it is looked at for each request, and
   * read again when it has changed. A file that could not be read is tried again in both. Default `'never'`.
   */
  readonly reread?: 'never' | 'changed'
}

/** What {@link netrc} gives. */
export interface NetrcScheme extends AuthScheme {
  readonly authorize: (request: HttpRequest, context: AuthContext) => Promise<HttpRequest>
}

/**
 * Basic credentials (RFC 7617) from a netrc file, for `auth`: the first entry whose `machine` is the host of the request, in whatever
 * case, or `default`. A request whose host has no entry goes without, and the trail says `no-entry`.
 *
 * Nothing is read unless this is called, and then only for requests to the `origins` of `auth`. An entry knows no port and no
 * scheme: `origins` says which of them are meant. An abort ends the wait for the file at once.
 *
 * The format is that of the GNU inetutils manual ("The .netrc file"), with quotes and comments as curl has them.
 *
 * @param file - Its path, or a `file:` URL. Default, looked up now: `$NETRC`, else `.netrc` in the home directory (`_netrc` on Windows).
 * @throws {OptionError} When it is made: an argument can't be used.
 * @throws {NetrcError} As a rejection of the call: see `NetrcErrorKind`.
 * @example
 * ```ts
 * import { auth } from '@fetchstack/auth'
 * import { netrc } from '@fetchstack/auth-netrc'
 * import { HandlerStack } from '@fetchstack/handler-stack'
 *
 * const stack = HandlerStack.create().push(auth(netrc(), { origins: 'https://api.example.com' }))
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function netrc(file?: string | URL, options: NetrcOptions = {}): NetrcScheme {
  const path = locate(file)
  checkOptions('netrc', options, ['mode', 'reread'])
  const { mode = 'error', reread = 'never' } = options
  checkOneOf('netrc', 'mode', mode, ['error', 'any'])
  checkOneOf('netrc', 'reread', reread, ['never', 'changed'])

  let known: NetrcFile | undefined
  let reading: Promise<NetrcFile> | undefined
  const load = async (): Promise<NetrcFile> => {
    if (known !== undefined && reread === 'never') return known
    // One look for all who ask meanwhile.
    reading ??= readNetrc(path, mode, known).finally(() => {
      reading = undefined
    })
    return (known = await reading)
  }

  return {
    name: 'netrc',
    answers: ['basic'],
    writes: { headers: ['authorization'] },
    async authorize(request, { origin, record }) {
      // Of the URL, never of its text: `https://a.example:80@b.example` goes to `b.example` (CVE-2024-47081).
      const host = new URL(origin).hostname.replace(/^\[(.*)]$/, '$1')
      const { entries } = await load()
      const entry = entries.find(({ machine }) => machine === undefined || machine === host)
      if (entry?.login === undefined && entry?.password === undefined) {
        record('no-entry')
        return request
      }
      return schemeOf(entry, path).authorize(request)
    },
  }
}

function schemeOf({ login = '', password = '', line }: NetrcEntry, path: string): ReturnType<typeof basicScheme> {
  try {
    return basicScheme(login, password)
  } catch (error) {
    const what = error instanceof OptionError && error.option === 'user' ? 'login' : 'password'
    throw new NetrcError(
      'VALUE',
      path,
      `its ${what} can't be sent as Basic: no control characters, no ":" in a login.`,
      line,
    )
  }
}

function locate(file: unknown): string {
  // An empty variable is as good as none.
  const found = file ?? (process.env['NETRC'] || join(homedir(), process.platform === 'win32' ? '_netrc' : '.netrc'))
  if (found instanceof URL && found.protocol === 'file:') return fileURLToPath(found)
  if (typeof found === 'string' && found !== '') return resolve(found)
  throw new OptionError('netrc', 'file', 'file must be a path, or a file: URL.')
}
