import { spawn } from 'node:child_process'

/** What a program printed, both streams in order, and how it ended. */
export interface Outcome {
  readonly ok: boolean
  readonly output: string
}

/** Runs a program to its end. A program that can't be started is an error; one that fails is an outcome. */
export function run(program: string, args: readonly string[], cwd: string, env = process.env): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...env, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const add = (chunk: string): void => {
      output += chunk
    }
    child.stdout.setEncoding('utf8').on('data', add)
    child.stderr.setEncoding('utf8').on('data', add)
    child.on('error', reject)
    child.on('close', (code) => resolve({ ok: code === 0, output: output.trim() }))
  })
}
