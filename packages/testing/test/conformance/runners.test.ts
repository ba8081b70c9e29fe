import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { HandlerStack, type Middleware } from '@fetchstack/handler-stack'
import { describe, expect, it } from 'vitest'
import { conformance, register } from '../../src/conformance/index.ts'

const passThrough: Middleware = (next) => (request, call) => next(request, call)
const cases = conformance(() => new HandlerStack().push(passThrough, 'one'))

interface Run {
  readonly code: number
  readonly output: string
}

/** Runs a file of `node --test` as a user would, in a process of its own that has to end by itself. */
function nodeTest(fixture: string): Promise<Run> {
  const file = fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url))
  // Inside another `node --test` or vitest, the variable would turn the output into messages for the parent.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--test', '--test-reporter=tap', file],
      { env, timeout: 60_000 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr })
      },
    )
  })
}

describe('under vitest', () => {
  register(it, cases)
})

describe('under node:test', () => {
  it('each case is a test of its own, and the process ends by itself', async () => {
    const { code, output } = await nodeTest('kept.ts')
    expect(output).toContain('# fail 0')
    expect(output).toContain(`# pass ${cases.length}`)
    expect(output).toContain('ok 1 - same-response: status 200')
    expect(code).toBe(0)
  }, 60_000)

  it('a broken rule is a failed test that says what is wrong', async () => {
    const { code, output } = await nodeTest('broken.ts')
    expect(output).toContain('# fail 2')
    expect(output).toContain(
      'listens breaks the rule "listeners": 300 listeners are left on the signal after 300 calls',
    )
    expect(code).toBe(1)
  }, 60_000)
})
