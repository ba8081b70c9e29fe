import { createHash, randomBytes } from 'node:crypto'
import { type FaultyServer, faults, faultyServer, type ReceivedRequest } from '@fetchstack/testing'
import { formatAuthenticationInfo, formatChallenges, parseChallenges } from '@fetchstack/www-authenticate'

/** What the server does. All may be changed while it runs. */
export interface Settings {
  user: string
  password: string
  realm: (path: string) => string
  /** A challenge for each, in this order. `undefined`: none is named, which means MD5. */
  algorithms: readonly (string | undefined)[]
  /** `undefined`: none is named, as in RFC 2069. */
  qop: string | undefined
  /** Parameters that each challenge has besides. */
  more: Readonly<Record<string, string>>
  /** How often a nonce may be used. */
  uses: number
  /** Whether a nonce that is not known is stale, or simply wrong. */
  stale: boolean
  makeNonce: () => string
  /** What `Authentication-Info` has. */
  info: (facts: { rspauth: string; nc: string; cnonce: string }) => Record<string, string> | undefined
}

/** A server that has its Digest from `node:crypto` and RFC 7616, and refuses a count that it has seen. */
export interface DigestServer extends Settings {
  readonly server: FaultyServer
  readonly url: string
  /** The parameters of each request's credentials; `undefined` for none. */
  sent(): (Readonly<Record<string, string>> | undefined)[]
  /** The status of each answer. */
  readonly statuses: number[]
  /** Why credentials were refused. */
  readonly refusals: string[]
  [Symbol.asyncDispose](): Promise<void>
}

const names: Record<string, string> = { md5: 'md5', 'sha-256': 'sha256', 'sha-512-256': 'sha512-256' }

export function hashBy(algorithm = 'MD5'): (data: string | Uint8Array) => string {
  const name = names[algorithm.toLowerCase().replace(/-sess$/, '')]!
  return (data) => createHash(name).update(data).digest('hex')
}

/** A realm is bytes, as it came. */
const bytes = (user: string, realm: string) => Buffer.concat([Buffer.from(`${user}:`), Buffer.from(realm, 'latin1')])
const latin1 = (text: string) => Buffer.from(text, 'latin1').toString('utf8')

export async function digestServer(settings: Partial<Settings> = {}): Promise<DigestServer> {
  const nonces = new Map<string, Set<string>>()
  const statuses: number[] = []
  const refusals: string[] = []
  const server = await faultyServer()
  const self: DigestServer = {
    user: 'me',
    password: 's3cret',
    realm: () => 'here',
    algorithms: ['SHA-256'],
    qop: 'auth',
    more: {},
    uses: Number.POSITIVE_INFINITY,
    stale: true,
    makeNonce: () => `${randomBytes(12).toString('base64')}==`,
    info: () => undefined,
    ...settings,
    server,
    url: server.url,
    statuses,
    refusals,
    sent: () =>
      server.requests.map(({ headers }) => {
        const { authorization } = headers
        return authorization === undefined ? undefined : parseChallenges(authorization)[0]!.params
      }),
    [Symbol.asyncDispose]: () => server.close(),
  }

  const challenge = (path: string, stale: boolean) => {
    const nonce = self.makeNonce()
    if (!nonces.has(nonce)) nonces.set(nonce, new Set())
    const { qop } = self
    return formatChallenges(
      self.algorithms.map((algorithm) => ({
        scheme: 'Digest',
        params: {
          realm: self.realm(path),
          nonce,
          ...(qop === undefined ? {} : { qop }),
          ...(algorithm === undefined ? {} : { algorithm }),
          ...(stale ? { stale: 'true' } : {}),
          ...self.more,
        },
      })),
    )
  }

  /** What is wrong with the credentials, or the server's own proof. */
  const check = ({ method, url, path, headers, body }: ReceivedRequest): string | Record<string, string> => {
    const given = parseChallenges(headers['authorization'])[0]?.params
    if (given === undefined) return 'none'
    const { username, realm, nonce = '', uri, algorithm, response, qop, nc = '', cnonce = '', userhash } = given
    const hash = hashBy(algorithm)
    const star = given['username*']?.replace("UTF-8''", '')
    const user = star === undefined ? latin1(username ?? '') : decodeURIComponent(star)
    const expected = userhash === 'true' ? hash(bytes(self.user, self.realm(path))) : self.user
    if (user !== expected) return 'user'
    if (realm !== self.realm(path) || !self.algorithms.includes(algorithm)) return 'realm or algorithm'
    if (uri !== url) return 'uri'
    if (self.more['opaque'] !== given['opaque']) return 'opaque'
    if (self.qop !== qop && !self.qop?.split(/, */).includes(qop!)) return 'qop'
    let key = hash(Buffer.concat([bytes(self.user, realm), Buffer.from(`:${self.password}`)]))
    if (algorithm?.endsWith('-sess')) key = hash(`${key}:${nonce}:${cnonce}`)
    const prove = (a2: string) => hash([key, nonce, ...(qop ? [nc, cnonce, qop] : []), hash(a2)].join(':'))
    if (response !== prove(`${method}:${url}${qop === 'auth-int' ? `:${hash(body)}` : ''}`)) return 'response'
    const used = nonces.get(nonce)
    if (used === undefined || used.size >= self.uses) return 'stale'
    if (qop !== undefined) {
      if (!/^[\da-f]{8}$/.test(nc) || cnonce === '') return 'nc or cnonce'
      if (used.has(nc)) return 'replayed'
      used.add(nc)
    }
    return { rspauth: prove(`:${url}`), nc, cnonce }
  }

  server.route('/public', 200).route('*', (request) => {
    const result = check(request)
    if (typeof result === 'string') {
      if (result !== 'none') refusals.push(result)
      statuses.push(401)
      const stale = result === 'stale' && self.stale
      return faults.status(401, { 'www-authenticate': challenge(request.path, stale) }, 'no')
    }
    statuses.push(200)
    const info = self.info(result as { rspauth: string; nc: string; cnonce: string })
    if (info?.['nextnonce'] !== undefined) nonces.set(info['nextnonce'], new Set())
    const headers = info === undefined ? {} : { 'authentication-info': formatAuthenticationInfo(info) }
    return faults.ok(`${request.method} ${request.text}`, headers)
  })
  return self
}
