import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { auth, type SchemeOptions } from '@fetchstack/auth'
import { Call, HttpRequest } from '@fetchstack/handler-stack'
import { faults, faultyServer, mockHandler } from '@fetchstack/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type NetrcError, type NetrcOptions, netrc } from '../src/index.ts'

const windows = process.platform === 'win32'
const basicOf = (user: string, password: string): string => `Basic ${btoa(`${user}:${password}`)}`
let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netrc-'))
  file = join(folder, 'netrc')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

const write = (text: string | Uint8Array, mode = 0o600): Promise<void> => writeFile(file, text, { mode })

/** What one request is sent with. */
async function ask(
  url: string,
  scheme = netrc(file),
  options: Partial<SchemeOptions> = {},
  headers: Record<string, string> = {},
) {
  const mock = mockHandler([() => new Response(null)])
  const call = new Call()
  const layer = auth(scheme, { origins: new URL(url).origin, ...options })
  await layer(mock)(HttpRequest.from(url, { headers }), call)
  return { sent: mock.last!.request.header('authorization'), trail: call.trail.map(({ event }) => event) }
}

const failing = (options?: NetrcOptions): Promise<NetrcError> =>
  ask('https://a.example/', netrc(file, options)).then(
    () => expect.unreachable('It was not rejected.'),
    (error: unknown) => error as NetrcError,
  )

describe('which entry is used', () => {
  it('the first whose machine is the host of the URL, in whatever case', async () => {
    await write(
      'machine b.example login b password b\nmachine A.example login me password one\nmachine a.example login x',
    )
    expect(await ask('https://a.EXAMPLE/x')).toEqual({ sent: basicOf('me', 'one'), trail: [] })
  })

  it.each([
    ['a name that ends with it', 'https://xa.example'],
    ['a name below it', 'https://x.a.example'],
    ['a name that begins with it', 'https://a.example.evil.example'],
    ['one with a dot at the end', 'https://a.example.'],
  ])('not for %s: the request goes without, and the trail says so', async (_, url) => {
    await write('machine a.example login me password one')
    expect(await ask(url)).toEqual({ sent: undefined, trail: ['no-entry'] })
  })

  it('a port is none of its business: origins says which', async () => {
    await write('machine a.example login me password one\nmachine a.example:8443 login x password y')
    const scheme = netrc(file)
    const origins = 'https://a.example:8443'
    expect((await ask('https://a.example:8443/', scheme, { origins })).sent).toBe(basicOf('me', 'one'))
    expect(await ask('https://a.example/', scheme, { origins })).toEqual({ sent: undefined, trail: ['skip'] })
  })

  it('an IPv6 address stands without brackets', async () => {
    await write('machine ::1 login me password one')
    expect((await ask('http://[::1]:81/')).sent).toBe(basicOf('me', 'one'))
  })

  it('default is for every host that has none before it, and only for the origins of the layer', async () => {
    await write(
      'machine a.example login a password a\ndefault login me password one\nmachine c.example login c password c',
    )
    const scheme = netrc(file)
    expect((await ask('https://a.example/', scheme)).sent).toBe(basicOf('a', 'a'))
    expect((await ask('https://b.example/', scheme)).sent).toBe(basicOf('me', 'one'))
    expect((await ask('https://c.example/', scheme)).sent).toBe(basicOf('me', 'one'))
    expect((await ask('https://b.example/', scheme, { origins: 'https://a.example' })).sent).toBeUndefined()
  })

  it('a host in the user part of a URL does not count (CVE-2024-47081)', async () => {
    await write('machine a.example login me password one')
    const options = { origins: ['https://a.example', 'https://evil.example'] }
    await expect(ask('https://a.example:80@evil.example/', netrc(file), options)).rejects.toMatchObject({
      code: 'FETCHSTACK_AUTH_USERINFO',
    })
    expect((await ask('https://evil.example/@a.example', netrc(file), options)).sent).toBeUndefined()
  })

  it('what is missing is empty; an entry with neither login nor password gives nothing', async () => {
    await write('machine a login me\nmachine b password one\nmachine c account x\ndefault login d password d')
    const sent = await Promise.all(['a', 'b', 'c'].map(async (host) => (await ask(`https://${host}/`)).sent))
    expect(sent).toEqual([basicOf('me', ''), basicOf('', 'one'), undefined])
  })

  it('names and passwords are sent in UTF-8', async () => {
    await write('\uFEFFmachine a.example login jürgen password "£ 1"')
    expect((await ask('https://a.example/')).sent).toBe(`Basic ${Buffer.from('jürgen:£ 1').toString('base64')}`)
  })
})

describe('an explicit header wins', () => {
  it('the file is not even read', async () => {
    const { sent, trail } = await ask('https://a.example/', netrc(file), {}, { Authorization: 'Bearer mine' })
    expect([sent, trail]).toEqual(['Bearer mine', ['skip']])
  })

  it("unless existing is 'replace'", async () => {
    await write('machine a.example login me password one')
    const { sent } = await ask(
      'https://a.example/',
      netrc(file),
      { existing: 'replace' },
      { authorization: 'Bearer x' },
    )
    expect(sent).toBe(basicOf('me', 'one'))
  })
})

describe('which file is read, and when', () => {
  it('without an argument the one that $NETRC names, as it is when netrc is called', async () => {
    await write('default login env password one')
    vi.stubEnv('NETRC', file)
    const scheme = netrc()
    vi.stubEnv('NETRC', join(folder, 'other'))
    expect((await ask('https://a.example/', scheme)).sent).toBe(basicOf('env', 'one'))
  })

  it.each(['', undefined])('without $NETRC (%j) the one in the home directory', async (value) => {
    vi.stubEnv('NETRC', value)
    vi.stubEnv('HOME', folder)
    vi.stubEnv('USERPROFILE', folder)
    expect(homedir()).toBe(folder)
    const name = windows ? '_netrc' : '.netrc'
    await writeFile(join(folder, name), 'default login home password one', { mode: 0o600 })
    expect((await ask('https://a.example/', netrc())).sent).toBe(basicOf('home', 'one'))
  })

  it('with an argument that one, whatever $NETRC says: a path or a file URL', async () => {
    await write('default login arg password one')
    vi.stubEnv('NETRC', join(folder, 'other'))
    for (const path of [file, relative(process.cwd(), file), pathToFileURL(file)]) {
      expect((await ask('https://a.example/', netrc(path))).sent).toBe(basicOf('arg', 'one'))
    }
  })

  it('nothing is read before a request needs it', async () => {
    const scheme = netrc(file)
    expect((await ask('https://b.example/', scheme, { origins: 'https://a.example' })).sent).toBeUndefined()
    await write('default login late password one')
    expect((await ask('https://a.example/', scheme)).sent).toBe(basicOf('late', 'one'))
  })

  it('is read once', async () => {
    await write('default login one password one')
    const scheme = netrc(file)
    await ask('https://a.example/', scheme)
    await write('default login two password two')
    expect((await ask('https://a.example/', scheme)).sent).toBe(basicOf('one', 'one'))
  })

  it("with reread: 'changed', again when it has changed, also by another file that takes its name", async () => {
    await write('default login one password one')
    const scheme = netrc(file, { reread: 'changed' })
    expect((await ask('https://a.example/', scheme)).sent).toBe(basicOf('one', 'one'))
    await writeFile(`${file}.new`, 'default login two password two', { mode: 0o600 })
    await rename(`${file}.new`, file)
    const all = await Promise.all(Array.from({ length: 20 }, () => ask('https://a.example/', scheme)))
    expect(new Set(all.map(({ sent }) => sent))).toEqual(new Set([basicOf('two', 'two')]))
    await rm(file)
    await expect(ask('https://a.example/', scheme)).rejects.toMatchObject({ code: 'FETCHSTACK_NETRC_MISSING' })
  })

  it('a failure is not remembered', async () => {
    const scheme = netrc(file)
    await expect(ask('https://a.example/', scheme)).rejects.toMatchObject({ code: 'FETCHSTACK_NETRC_MISSING' })
    await write('default login one password one')
    expect((await ask('https://a.example/', scheme)).sent).toBe(basicOf('one', 'one'))
  })

  it('an abort ends the wait for it, with its reason', async () => {
    await write('default login one password one')
    const controller = new AbortController()
    const layer = auth(netrc(file), { origins: 'https://a.example' })
    const mock = mockHandler([() => new Response(null)])
    const sent = layer(mock)(HttpRequest.from('https://a.example/', { signal: controller.signal }), new Call())
    controller.abort(new Error('enough'))
    await expect(sent).rejects.toThrow('enough')
    expect(mock.calls).toHaveLength(0)
  })
})

describe('a file that can not be used', () => {
  it('MISSING: there is none', async () => {
    expect(await failing()).toMatchObject({
      name: 'NetrcError',
      code: 'FETCHSTACK_NETRC_MISSING',
      message: `netrc: ${file}: there is no such file.`,
      file,
      line: undefined,
    })
  })

  it.skipIf(windows).each(['640', '604', '660', '620', '644'])('MODE: others have rights to it (%s)', async (mode) => {
    await write('default login me password one')
    await chmod(file, Number.parseInt(mode, 8))
    expect(await failing()).toMatchObject({
      code: 'FETCHSTACK_NETRC_MODE',
      message: expect.stringContaining('chmod 600'),
    })
    expect((await ask('https://a.example/', netrc(file, { mode: 'any' }))).sent).toBe(basicOf('me', 'one'))
  })

  it('READ: a directory', async () => {
    await mkdir(file, 0o700)
    expect(await failing()).toMatchObject({ code: 'FETCHSTACK_NETRC_READ' })
  })

  it('READ: more than 1 MiB', async () => {
    await write(`#${' '.repeat(2 ** 20)}`)
    expect(await failing()).toMatchObject({ code: 'FETCHSTACK_NETRC_READ', message: expect.stringContaining('1 MiB') })
  })

  it('SYNTAX: with the line, and nothing of what stands there', async () => {
    await write('machine a.example\nlogin me\npassword hush Kf81\n')
    const error = await failing()
    expect(error).toMatchObject({ code: 'FETCHSTACK_NETRC_SYNTAX', line: 3 })
    expect(error.message).toMatch(/netrc, line 3: here a keyword is wanted/)
    expect(inspect(error, { showHidden: true })).not.toMatch(/hush|Kf81/)
  })

  it('SYNTAX: not in UTF-8', async () => {
    await write(Buffer.from('machine a.example login me password caf\xe9', 'latin1'))
    expect(await failing()).toMatchObject({ code: 'FETCHSTACK_NETRC_SYNTAX', line: undefined })
  })

  it.each([
    ['login', 'login "a:Kf81" password x'],
    ['password', 'login me password "Kf81\\n"'],
  ])('VALUE: a %s that Basic can not send, but only where it is needed', async (what, entry) => {
    await write(`\nmachine a.example ${entry}\nmachine b.example login me password one`)
    const error = await failing()
    expect(error).toMatchObject({ code: 'FETCHSTACK_NETRC_VALUE', line: 2, message: expect.stringContaining(what) })
    expect(inspect(error, { showHidden: true })).not.toContain('Kf81')
    expect((await ask('https://b.example/')).sent).toBe(basicOf('me', 'one'))
  })

  it('no error and no dump of the scheme shows a secret', async () => {
    await write('default login me password hush-Kf81')
    const scheme = netrc(file)
    await ask('https://a.example/', scheme)
    expect(inspect(scheme, { showHidden: true, depth: Infinity }) + JSON.stringify(scheme)).not.toContain('Kf81')
  })
})

describe('what can not be used is an OptionError when it is made', () => {
  it.each([
    ['an empty path', ['']],
    ['a URL of another kind', [new URL('https://a.example/netrc')]],
    ['something else', [7]],
    ['an unknown option', [undefined, { modes: 'any' }]],
    ['a mode', [undefined, { mode: 'fix' }]],
    ['a reread', [undefined, { reread: true }]],
  ])('%s', (_, args) => {
    expect(() => netrc(...(args as Parameters<typeof netrc>))).toThrow(
      expect.objectContaining({ code: 'FETCHSTACK_INVALID_OPTION', owner: 'netrc' }),
    )
  })
})

it('over the wire, and not on a redirect to another origin', async () => {
  await using there = await faultyServer({ routes: { '/end': faults.ok() } })
  await using here = await faultyServer({ routes: { '/start': faults.redirect(`${there.url}/end`, 302) } })
  await write('default login me password one')
  const layer = auth(netrc(file), { origins: here.url })
  const response = await layer(async (request) => fetch(request.input, request.init as RequestInit))(
    HttpRequest.from(`${here.url}/start`),
    new Call(),
  )
  expect(response.status).toBe(200)
  expect(here.requests[0]!.headers['authorization']).toBe(basicOf('me', 'one'))
  expect(there.requests[0]!.headers).not.toHaveProperty('authorization')
})

it('among several, it answers a challenge for Basic', async () => {
  await using server = await faultyServer({
    routes: {
      '/': [faults.status(401, { 'www-authenticate': 'Digest nonce="x", Basic realm="y"' }), faults.ok()],
    },
  })
  await write('default login me password one')
  const layer = auth([netrc(file)], { origins: server.url })
  const response = await layer(async (request) => fetch(request.input, request.init as RequestInit))(
    HttpRequest.from(`${server.url}/`),
    new Call(),
  )
  expect(response.status).toBe(200)
  expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined, basicOf('me', 'one')])
})
