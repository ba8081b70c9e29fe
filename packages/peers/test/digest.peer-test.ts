import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { auth } from '@fetchstack/auth'
import { type DigestOptions, digest } from '@fetchstack/auth-digest'
import { fetchHandler, type Handler, HandlerStack } from '@fetchstack/handler-stack'
import { parseChallenges } from '@fetchstack/www-authenticate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pathOf } from '../src/programs.ts'

const lighttpd = pathOf('lighttpd')
const curl = pathOf('curl')
const installed = lighttpd !== undefined && curl !== undefined

/** What the server's folders ask for. */
const AREAS = {
  md5: { algorithm: 'MD5' },
  sha256: { algorithm: 'SHA-256' },
  both: { algorithm: 'SHA-256|MD5' },
  userhash: { algorithm: 'SHA-256', userhash: 'enable' },
} as const
const user = 'Mufasa'
const password = 'Circle of "Life"'
const names = [user, 'J\u00E4s\u00F8n Doe', 'a"b\\c']

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Debian's lighttpd in a folder of its own, with a script in each area that says what was sent to it. */
async function startLighttpd() {
  const folder = await mkdtemp(join(tmpdir(), 'fetchstack-lighttpd-'))
  const port = await freePort()
  const rules = Object.entries(AREAS).map(([name, settings]) => {
    const all = { method: 'digest', realm: name, require: 'valid-user', ...settings }
    return `"/${name}/" => (${Object.entries(all)
      .map(([key, value]) => `"${key}" => "${value}"`)
      .join(', ')})`
  })
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const hashed = [user, 'userhash', sha256(`${user}:userhash:${password}`), sha256(`${user}:userhash`)].join(':')
  const files = {
    users: names.map((name) => `${name}:${password}\n`).join(''),
    'users.htdigest': `${hashed}\n`,
    'echo.sh': String.raw`printf 'Content-Type: text/plain\r\n\r\n%s ' "$REQUEST_METHOD"; cat` + '\n',
    'lighttpd.conf': `
server.document-root = "${folder}/www"
server.bind = "127.0.0.1"
server.port = ${port}
server.errorlog = "${folder}/error.log"
server.modules = ("mod_auth", "mod_authn_file", "mod_cgi")
cgi.assign = (".sh" => "/bin/sh")
auth.backend = "plain"
auth.backend.plain.userfile = "${folder}/users"
auth.require = (${rules.join(',\n')})
$HTTP["url"] =~ "^/userhash/" {
  auth.backend = "htdigest"
  auth.backend.htdigest.userfile = "${folder}/users.htdigest"
}
`,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  for (const name of Object.keys(AREAS)) {
    await mkdir(join(folder, 'www', name), { recursive: true })
    await writeFile(join(folder, 'www', name, 'echo.sh'), files['echo.sh'])
  }
  const child = spawn(lighttpd!, ['-D', '-f', join(folder, 'lighttpd.conf')], { stdio: 'inherit' })
  for (;;) {
    if (child.exitCode !== null) throw new Error('lighttpd ended')
    const socket = createConnection(port, '127.0.0.1')
    const up = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (up) break
    await sleep(20)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const gone = once(child, 'exit')
      child.kill()
      await gone
      await rm(folder, { recursive: true })
    },
  }
}

/** The status of every answer that curl got, and what the last one said. */
async function byCurl(...args: string[]): Promise<{ statuses: number[]; text: string }> {
  const { stdout } = await promisify(execFile)(curl!, ['-s', '-i', '--digest', ...args])
  const statuses = [...stdout.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status))
  return { statuses, text: stdout.split('\r\n\r\n').at(-1)! }
}

/** A client, and the status of every answer that it got. */
function client(name: string, secret: string, options?: DigestOptions, over: Handler = fetchHandler()) {
  const statuses: number[] = []
  const counted: Handler = async (request, call) => {
    const response = await over(request, call)
    statuses.push(response.status)
    return response
  }
  const layer = auth(digest(name, secret, options), { origins: lighty.url })
  return { statuses, fetch: HandlerStack.create(counted).push(layer).toFetch() }
}

let lighty: Awaited<ReturnType<typeof startLighttpd>>

describe.skipIf(!installed)('Digest, with lighttpd and curl (needs both)', () => {
  beforeAll(async () => {
    lighty = await startLighttpd()
  })
  afterAll(() => lighty?.stop())

  describe.each(Object.keys(AREAS))('%s', (area) => {
    const path = () => `${lighty.url}/${area}/echo.sh`

    it('as many requests as curl, with the same answers: a session of two', async () => {
      const expected = await byCurl('-u', `${user}:${password}`, `${path()}?a=b`, path())
      expect(expected.statuses).toEqual([401, 200, 200])
      const { statuses, fetch } = client(user, password, { allowMd5: true })
      expect((await fetch(`${path()}?a=b`)).status).toBe(200)
      expect(await (await fetch(path())).text()).toBe(expected.text)
      expect(statuses).toEqual(expected.statuses)
    })

    it('a POST with its body', async () => {
      const expected = await byCurl('-u', `${user}:${password}`, '-d', 'hello', path())
      const { statuses, fetch } = client(user, password, { allowMd5: true })
      const response = await fetch(path(), { method: 'POST', body: 'hello' })
      expect([await response.text(), expected.text]).toEqual(['POST hello', 'POST hello'])
      expect(statuses).toEqual(expected.statuses)
    })

    it('a wrong password: the 401, after as many requests', async () => {
      const expected = await byCurl('-u', `${user}:wrong`, path())
      const { statuses, fetch } = client(user, 'wrong', { allowMd5: true })
      expect((await fetch(path())).status).toBe(401)
      expect(statuses).toEqual(expected.statuses)
      expect(statuses).toEqual([401, 401])
    })

    it('200 calls at once, of a session that is known: no 401', async () => {
      const { statuses, fetch } = client(user, password, { allowMd5: true })
      await fetch(path())
      const answers = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const init = index % 2 === 0 ? {} : { method: 'POST', body: `hello ${index}` }
          const response = await fetch(`${path()}?${index}`, init)
          return [response.status, (await response.text()) === (index % 2 === 0 ? 'GET ' : `POST hello ${index}`)]
        }),
      )
      expect(answers.filter(([status, right]) => status !== 200 || !right)).toEqual([])
      expect(statuses.filter((status) => status === 401)).toHaveLength(1)
    })

    it('200 calls at once at the beginning: two requests each, at most', async () => {
      const { statuses, fetch } = client(user, password, { allowMd5: true })
      const calls = Array.from({ length: 200 }, async () => (await fetch(path())).status)
      expect(new Set(await Promise.all(calls))).toEqual(new Set([200]))
      expect(statuses.length).toBeLessThanOrEqual(400)
    })

    it('a nonce that is stale is replaced, with one request more', async () => {
      let first = true
      // The first nonce is made an old one, which this server tells by its time.
      const aged: Handler = async (request, call) => {
        const response = await fetchHandler()(request, call)
        if (!first || response.status !== 401) return response
        first = false
        const headers = new Headers(response.headers)
        headers.set(
          'www-authenticate',
          headers.get('www-authenticate')!.replaceAll(/nonce="[\da-f]+:/g, 'nonce="5f000000:'),
        )
        return new Response(response.body, { status: 401, headers })
      }
      const stale: boolean[] = []
      const told: Handler = async (request, call) => {
        const response = await aged(request, call)
        if (response.status === 401)
          stale.push(parseChallenges(response).some(({ params }) => params['stale'] === 'true'))
        return response
      }
      const { statuses, fetch } = client(user, password, { allowMd5: true }, told)
      expect((await fetch(path())).status).toBe(200)
      expect([statuses, stale]).toEqual([
        [401, 401, 200],
        [false, true],
      ])
    })
  })

  it('MD5 is not answered unless it is allowed, and is not chosen where SHA-256 is offered', async () => {
    const { statuses, fetch } = client(user, password)
    expect((await fetch(`${lighty.url}/md5/echo.sh`)).status).toBe(401)
    expect(statuses).toEqual([401])
    const sent: (string | undefined)[] = []
    const seeing: Handler = (request, call) => {
      sent.push(request.header('authorization'))
      return fetchHandler()(request, call)
    }
    const both = client(user, password, { allowMd5: true }, seeing)
    expect((await both.fetch(`${lighty.url}/both/echo.sh`)).status).toBe(200)
    expect(sent[1]).toContain('algorithm=SHA-256')
  })

  it.each(names.slice(0, 2))('the user %s, with each algorithm', async (name) => {
    for (const area of ['md5', 'sha256', 'both']) {
      const { statuses, fetch } = client(name, password, { allowMd5: true })
      await fetch(`${lighty.url}/${area}/echo.sh`)
      expect({ area, statuses }).toEqual({ area, statuses: [401, 200] })
    }
  })

  it.each(['?', '?a=%22b%5C&c=\u00FC', "?a=b'c~!$()*+,;=:@/?[]{}|^`", '/path%20info/x?y'])(
    'the path %s',
    async (more) => {
      const url = `${lighty.url}/sha256/echo.sh${more}`
      const { statuses, fetch } = client(user, password)
      await fetch(url)
      expect(statuses).toEqual([401, 200])
    },
  )

  it('a name with a quote and a backslash is escaped, as curl does it; this server does not undo that', async () => {
    const name = names[2]!
    const expected = await byCurl('-u', `${name}:${password}`, `${lighty.url}/sha256/echo.sh`)
    const { statuses, fetch } = client(name, password)
    await fetch(`${lighty.url}/sha256/echo.sh`)
    expect([statuses, expected.statuses]).toEqual([
      [401, 401],
      [401, 401],
    ])
  })
})
