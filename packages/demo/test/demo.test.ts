import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { faults, faultyServer } from '@fetchstack/testing'
import { describe, expect, it } from 'vitest'
import { readArguments } from '../src/arguments.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function demo(...args: string[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
      resolve({ code: (error?.code as number | undefined) ?? 0, out: stdout + stderr })
    })
  })
}

describe('the demo', () => {
  it('gets through the failing API, says so, and prints the seed of the run', async () => {
    const { code, out } = await demo('--seed', '7')
    expect(out).toContain('Every call ended as it should')
    expect(out).toContain('--seed 7')
    expect(out).toContain('> 3) retry')
    // No colours and no moving line where nobody watches.
    expect(out).not.toContain('\u001B')
    expect(code).toBe(0)
  }, 30_000)

  it('sends the same stack to an endpoint of the user, and the key to that origin', async () => {
    await using server = await faultyServer({ routes: { '/mine': [faults.status(503), faults.ok()] } })
    const { code, out } = await demo('--url', `${server.url}/mine?token=s3cret`, '--key', 'k3y')
    expect(code).toBe(0)
    expect(server.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['k3y', 'k3y', 'k3y'])
    expect(out).not.toMatch(/s3cret|k3y/)
  }, 30_000)

  it('ends with 1 when the endpoint of the user fails', async () => {
    await using server = await faultyServer({ routes: { '/mine': faults.status(404) } })
    expect(await demo('--url', `${server.url}/mine`)).toMatchObject({ code: 1 })
  }, 30_000)

  it.each([
    [['--seed=-1'], /--seed takes a whole number/],
    [['--seed', ''], /--seed takes a whole number/],
    [['--url', 'example.com'], /--url takes an absolute http or https URL/],
    [['--url', 'https://me:pw@example.com'], /without user name and password/],
    [['--key', 'k'], /--key goes with --url/],
    [['--sed', '1'], /--sed/],
  ])('refuses %j with a message that says what it takes', (args, message) => {
    expect(() => readArguments(args)).toThrow(message)
  })
})
