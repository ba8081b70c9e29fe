import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program that the tests start, and the Debian package that it comes in. */
export interface Program {
  readonly name: string
  readonly debian: string
}

/** What the tests need besides npm's packages. */
export const programs: readonly Program[] = [
  { name: 'redis-server', debian: 'redis-server' },
  { name: 'lighttpd', debian: 'lighttpd' },
  { name: 'curl', debian: 'curl' },
  { name: 'openssl', debian: 'openssl' },
]

/** The full path of a program, also where a user's PATH leaves out the system's folders; `undefined` when it is not there. */
export function pathOf(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin']
  return folders
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

/** The programs that are missing. */
export function missing(): Program[] {
  return programs.filter(({ name }) => pathOf(name) === undefined)
}

/** Installs Debian's packages where that can be done without a question. Says why not, or `undefined` when it worked. */
export function install(wanted: readonly Program[]): string | undefined {
  if (process.getuid?.() !== 0 || pathOf('apt-get') === undefined) return 'only root can install them, with apt-get'
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const names = wanted.map(({ debian }) => debian)
  const apt = (...args: string[]) => spawnSync('apt-get', args, { env, encoding: 'utf8', timeout: 300_000 })
  apt('update', '-q')
  const { status, stderr } = apt('install', '-y', '-q', '--no-install-recommends', ...names)
  return status === 0 && missing().length === 0 ? undefined : `apt-get failed: ${stderr.trim().slice(-500)}`
}

/** The version line of a program, for the report. */
export function versionOf(name: string, flag = '--version'): string {
  return execFileSync(pathOf(name) ?? name, [flag], { encoding: 'utf8' }).split('\n', 1)[0]!
}
