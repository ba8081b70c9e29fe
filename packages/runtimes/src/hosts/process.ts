import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../command.ts'
import type { RuntimeName } from '../contract.ts'
import type { Trust } from '../server/trust.ts'
import { temporaryFolder } from '../temporary.ts'
import { type OpenCase, openCase } from './cases.ts'
import type { Host, Task } from './host.ts'

/** How a program is started. */
export interface ProcessOptions {
  readonly runtime: RuntimeName
  readonly program: string
  /** What comes before the file. */
  readonly args?: readonly string[]
  readonly trust: Trust
}

const BOOT_LIMIT = 30_000

const STARTER = `import { runQueue, suite } from './program.mjs'
await runQueue(suite, process.argv.at(-1))
process.exit(0)
`

/** Node, Bun and Deno: a process that asks the driver for cases. One that dies is started again for the cases that are left. */
export async function processHost({ runtime, program, args = [], trust }: ProcessOptions): Promise<Host> {
  const temporary = temporaryFolder(runtime)
  const folder = temporary.path
  const env = environment(folder, trust)
  const { ok, output } = await runCommand(program, ['--version'], { cwd: folder, env, limit: BOOT_LIMIT })
  if (!ok) {
    temporary.remove()
    throw new Error(`${program} --version fails: ${output}`)
  }
  const children = new Set<ChildProcess>()
  const killAll = () => {
    for (const child of children) child.kill('SIGKILL')
  }
  process.once('exit', killAll)

  /** One process, for as many cases as it survives. */
  const runOnce = async (task: Task, waiting: string[]): Promise<void> => {
    let current: OpenCase | undefined
    let timer: NodeJS.Timeout | undefined
    let why = ''
    const watch = (limit: number, text: string) => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        why = `${text} within ${limit} ms and was ended`
        child.kill('SIGKILL')
      }, limit)
    }
    const queue = task.control.serve({
      next: async () => {
        clearTimeout(timer)
        const id = waiting.shift()
        if (id === undefined) return undefined
        current = await openCase(task, runtime, id)
        watch(current.limit + task.grace, 'did not answer')
        return current.job
      },
      done: async (result) => {
        const finished = current
        current = undefined
        watch(BOOT_LIMIT, 'did not ask for the next case')
        await finished?.finish(result)
      },
    })
    const child = spawn(program, [...args, join(folder, 'start.mjs'), queue.url], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.add(child)
    watch(BOOT_LIMIT, 'did not ask for its first case')
    let output = ''
    const keep = (chunk: string) => {
      output = (output + chunk).slice(-4_000)
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    const end = await new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`))
    })
    clearTimeout(timer)
    children.delete(child)
    queue.stop()
    const story = `The process ${why === '' ? 'ended' : why} (${end}).${output === '' ? '' : `\n${output.trim()}`}`
    if (current !== undefined) await current.finish({ id: current.job.id, failure: story })
    else if (waiting.length > 0) throw new Error(story)
  }

  return {
    runtime,
    version: /\d+\.\d+\.\d+\S*/.exec(output)?.[0] ?? output,
    run: async (task) => {
      writeFileSync(join(folder, 'program.mjs'), task.bundles.server)
      writeFileSync(join(folder, 'start.mjs'), STARTER)
      const waiting = [...task.ids]
      while (waiting.length > 0) await runOnce(task, waiting)
    },
    close: async () => {
      process.off('exit', killAll)
      killAll()
      temporary.remove()
    },
  }
}

/** Only what a program needs to start: a proxy or NODE_OPTIONS of the user's would change what is measured. */
function environment(folder: string, trust: Trust): NodeJS.ProcessEnv {
  const kept = ['PATH', 'TMPDIR', 'LANG', 'LD_LIBRARY_PATH', 'SYSTEMROOT']
  const own = {
    HOME: folder,
    NODE_EXTRA_CA_CERTS: trust.file,
    DENO_DIR: join(folder, 'deno'),
    DENO_NO_UPDATE_CHECK: '1',
    DO_NOT_TRACK: '1',
    NO_COLOR: '1',
  }
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.includes(name))), ...own }
}
