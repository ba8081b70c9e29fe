import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { systemClock } from '@fetchstack/handler-stack'
import { faults, faultyServer } from '@fetchstack/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileStore } from '../src/file.ts'
import { makeToken, tokenSource } from '../src/index.ts'
import { withLockFile } from '../src/lock-file.ts'
import { failureOf, gate, rig, text } from './helpers.ts'

let directory: string
let file: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'token-source-'))
  file = join(directory, 'token.json')
})
afterEach(() => rm(directory, { recursive: true }))

const token = (value: string) =>
  makeToken({ value, refreshToken: `r-${value}`, expiresAt: 2e12, issuedAt: 1e12, scope: 'a' })

describe('fileStore', () => {
  it('gives what was written, under the version it was written at', async () => {
    const store = fileStore(file)
    expect(await store.load()).toBeUndefined()
    const first = await store.compareAndSet(undefined, token('one'))
    expect(first.won).toBe(true)
    const again = await fileStore(file).load()
    expect(again).toEqual(first.stored)
    expect(again!.token.value.reveal()).toBe('one')
    expect(again!.token.refreshToken!.reveal()).toBe('r-one')
  })

  it('writes only over the version that was read', async () => {
    const store = fileStore(file)
    const { stored } = await store.compareAndSet(undefined, token('one'))
    const lost = await store.compareAndSet(undefined, token('two'))
    expect([lost.won, text(lost.stored.token)]).toEqual([false, 'one'])
    expect((await store.compareAndSet(stored.version, token('three'))).won).toBe(true)
    expect((await store.compareAndSet(stored.version, token('four'))).won).toBe(false)
  })

  it('of 20 that write over one version at the same time one wins, and all others get its token', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, nth) => fileStore(file).compareAndSet(undefined, token(String(nth)))),
    )
    expect(answers.filter(({ won }) => won)).toHaveLength(1)
    expect(new Set(answers.map(({ stored }) => stored.version)).size).toBe(1)
  })

  it('the lock of a write whose process died is broken', async () => {
    await writeFile(`${file}.write`, 'dead')
    await utimes(`${file}.write`, new Date(0), new Date(0))
    expect((await fileStore(file).compareAndSet(undefined, token('one'))).won).toBe(true)
  })

  it('only its owner can read the file, and nothing is left beside it', async () => {
    await fileStore(file).compareAndSet(undefined, token('one'))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(directory)).toEqual(['token.json'])
  })

  it('a file that others can read is refused, or fixed where that is wanted', async () => {
    await fileStore(file).compareAndSet(undefined, token('hush'))
    await chmod(file, 0o640)
    const { source, requests } = rig({ store: fileStore(file) })
    const error = await failureOf(source.get())
    expect(error).toMatchObject({
      code: 'FETCHSTACK_TOKEN_STORE',
      message: `${file} can be read by others than its owner: run chmod 600.`,
    })
    expect(requests).toHaveLength(0)
    expect(text((await fileStore(file, { mode: 'fix' }).load())!.token)).toBe('hush')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it.each(['', '{"hush', '{}', 'null', '7', '{"version":"1","token":{"value":""}}', '{"token":{"value":"hush"}}'])(
    'a file that is no token is refused and kept, and its content not shown: %j',
    async (content) => {
      await writeFile(file, content, { mode: 0o600 })
      const error = await failureOf(tokenSource(async () => token('new'), { store: fileStore(file) }).get())
      expect(error).toMatchObject({ name: 'TokenError', code: 'FETCHSTACK_TOKEN_STORE' })
      expect(String(error)).toContain(`${file} holds no token`)
      expect(`${String(error)}${String((error as Error).cause)}`).not.toContain('hush')
      expect(await readFile(file, 'utf8')).toBe(content)
    },
  )

  it('a directory that is not there is named', async () => {
    const error = await failureOf(
      tokenSource(async () => token('a'), { store: fileStore(join(directory, 'no', 'a')) }).get(),
    )
    expect(error).toMatchObject({ code: 'FETCHSTACK_TOKEN_STORE' })
    expect(String(error)).toContain('its directory is not there')
  })

  it('what can not be read is a failure with its cause', async () => {
    await mkdir(file, { mode: 0o700 })
    expect(await failureOf(tokenSource(async () => token('a'), { store: fileStore(file) }).get())).toMatchObject({
      code: 'FETCHSTACK_TOKEN_STORE',
      cause: { code: 'EISDIR' },
    })
  })

  it.each([
    [[''], 'file must be a path'],
    [[7], 'file must be a path'],
    [['a', { mode: 'warn' }], 'mode must be one of'],
  ])('bad arguments are refused: %j', (args, message) => {
    expect(() => fileStore(...(args as unknown as Parameters<typeof fileStore>))).toThrow(message)
  })
})

describe('the lock file', () => {
  const lock = () => `${file}.lock`
  const bounds = (lease = 60_000, signal = new AbortController().signal) => ({ lease, signal })

  it('one at a time has it, and it is gone afterwards', async () => {
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
    }
    await Promise.all(Array.from({ length: 10 }, () => withLockFile(lock(), work, bounds())))
    expect(most).toBe(1)
    expect(await readdir(directory)).toEqual([])
  })

  it('is gone after a failure too', async () => {
    await failureOf(withLockFile(lock(), async () => Promise.reject(new Error('x')), bounds()))
    expect(await readdir(directory)).toEqual([])
  })

  it('the wait for one that does not come ends when the signal says so', async () => {
    await writeFile(lock(), 'theirs')
    const { source, requests } = rig({ store: fileStore(file), clock: systemClock, lockTimeout: 60 })
    expect(await failureOf(source.get())).toMatchObject({ code: 'FETCHSTACK_TOKEN_LOCK' })
    expect(requests).toHaveLength(0)
    expect(await readFile(lock(), 'utf8')).toBe('theirs')
  })

  it('one that is older than the lease was left behind: ten find it, and still one at a time gets in', async () => {
    await writeFile(lock(), 'dead')
    await utimes(lock(), new Date(0), new Date(0))
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
    }
    await Promise.all(Array.from({ length: 10 }, () => withLockFile(lock(), work, bounds())))
    expect(most).toBe(1)
    expect(await readdir(directory)).toEqual([])
  })

  it('one whose breaker died is broken too', async () => {
    for (const name of [lock(), `${lock()}.break`]) {
      await writeFile(name, 'dead')
      await utimes(name, new Date(0), new Date(0))
    }
    expect(await withLockFile(lock(), async () => 'in', bounds())).toBe('in')
  })

  it('who held it for longer than the lease does not remove that of another', async () => {
    const entered = gate()
    const { promise, resolve } = gate()
    const work = () => {
      entered.resolve()
      return promise
    }
    const slow = withLockFile(lock(), work, bounds())
    await entered.promise
    await writeFile(lock(), 'another')
    resolve()
    await slow
    expect(await readFile(lock(), 'utf8')).toBe('another')
  })
})

describe('several processes', () => {
  it('never send a rotated refresh token again, and end with one token', async () => {
    let current = 'r0'
    let count = 0
    const replayed: string[] = []
    const server = await faultyServer({
      keepBody: 1_000,
      routes: {
        'POST /token': (request) => {
          const sent = new URLSearchParams(new TextDecoder().decode(request.body)).get('refresh_token')!
          if (sent !== current) {
            replayed.push(sent)
            return faults.status(400, {}, { error: 'invalid_grant' })
          }
          current = `r${++count}`
          return faults.ok({ value: `t${count}`, refreshToken: current })
        },
      },
    })
    try {
      const program = fileURLToPath(new URL('process.ts', import.meta.url))
      const run = () => promisify(execFile)(process.execPath, [program, server.url, file, '12'])
      const ends = await Promise.all([run(), run(), run()])
      expect(replayed).toEqual([])
      expect(count).toBeGreaterThan(1)
      const stored = (await fileStore(file).load())!
      expect([text(stored.token), stored.token.refreshToken!.reveal()]).toEqual([`t${count}`, current])
      expect(ends.map(({ stdout }) => stdout.trim())).toContain(`t${count}`)
      expect(await readdir(directory)).toEqual(['token.json'])
    } finally {
      await server.close()
    }
  }, 30_000)
})
