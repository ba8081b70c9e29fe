import { spawn } from 'node:child_process'
import { basename } from 'node:path'

/** What a program printed, both streams in order, and how it ended. */
export interface CommandOutcome {
  readonly ok: boolean
  readonly output: string
}

/** The environment without what the workspace's own pnpm set for its scripts, and without what changes a runtime's behaviour. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const disturbing = /^(p?npm_(?!config_registry$|config_cache$).*|node_options|node_path|.*_proxy)$/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !disturbing.test(name)))
}

/** Runs a program to its end, at most `limit` milliseconds. Rejects when it can't be started. */
export function runCommand(
  program: string,
  args: readonly string[],
  { cwd, env = process.env, limit = 300_000 }: { cwd: string; env?: NodeJS.ProcessEnv; limit?: number },
): Promise<CommandOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...env, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limit,
      killSignal: 'SIGKILL',
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

/** The pnpm that runs this script, so that a release and a pack here are the same; otherwise a downloaded one. */
export function pnpmCommand(): [program: string, args: readonly string[]] {
  const started = process.env['npm_execpath'] ?? ''
  if (!basename(started).startsWith('pnpm')) return ['npx', ['-y', 'pnpm@12']]
  return /\.[cm]?js$/.test(started) ? [process.execPath, [started]] : [started, []]
}
