import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cleanEnvironment, runCommand } from '../command.ts'
import type { PinnedPackage } from './versions.ts'

/** Where the runtimes are installed: git and the lockfile know nothing of it, and a second run finds them there. */
export const CACHE: string = fileURLToPath(new URL('../../node_modules/.cache/runtimes', import.meta.url))

/**
 * Installs a package into a folder of its own, without scripts, unless it is there. Resolves with the package's folder.
 * Rejects when npm can't install it, and when what came is not what is pinned.
 */
export async function installPackage(pinned: PinnedPackage): Promise<string> {
  const { name, version } = pinned
  const folder = join(CACHE, `${name.replace('/', '-')}-${version}`)
  const installed = join(folder, 'node_modules', name)
  if (problemOf(folder, pinned) === undefined) return installed
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  const { ok, output } = await runCommand('npm', ['install', ...flags, '--prefix', folder, `${name}@${version}`], {
    cwd: folder,
    env: cleanEnvironment(),
  })
  const problem = ok ? problemOf(folder, pinned) : `npm says: ${output.trim().split('\n').slice(0, 6).join(' ')}`
  if (problem === undefined) return installed
  rmSync(folder, { recursive: true, force: true })
  throw new Error(`${name}@${version} can't be installed: ${problem}`)
}

/** npm writes this file last, and compares the digest in it with what it unpacked. */
function problemOf(folder: string, { name, integrity }: PinnedPackage): string | undefined {
  const record = join(folder, 'node_modules/.package-lock.json')
  if (!existsSync(record)) return 'it is not there'
  const { packages } = JSON.parse(readFileSync(record, 'utf8')) as { packages: Record<string, { integrity?: string }> }
  const entry = packages[`node_modules/${name}`]
  if (entry === undefined) return 'npm left it out, which it does with packages for another system'
  if (integrity === undefined || entry.integrity === integrity) return undefined
  return `its digest is ${entry.integrity}, and ${integrity} is expected`
}
