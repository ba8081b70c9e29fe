import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installPackage } from './npm.ts'
import { BINARIES, BUN_BASELINE, type PinnedPackage, type Platform } from './versions.ts'

/** Installs a runtime that is one program. Resolves with the program's path; rejects with the reason why it can't be had. */
export async function installBinary(runtime: keyof typeof BINARIES): Promise<string> {
  const { packages, program } = BINARIES[runtime]
  const pinned = choose(runtime, packages)
  const file = join(await installPackage(pinned), program)
  if (!existsSync(file)) throw new Error(`${pinned.name}@${pinned.version} has no ${program}`)
  chmodSync(file, 0o755)
  return file
}

function choose(runtime: string, packages: Partial<Record<Platform, PinnedPackage>>): PinnedPackage {
  const platform = `${process.platform}-${process.arch}`
  const found = (packages as Record<string, PinnedPackage | undefined>)[platform]
  if (found === undefined) {
    throw new Error(`no package is pinned for ${platform}; there are: ${Object.keys(packages).join(', ')}`)
  }
  return runtime === 'bun' && platform === 'linux-x64' && !hasAvx2() ? BUN_BASELINE : found
}

function hasAvx2(): boolean {
  return !existsSync('/proc/cpuinfo') || /\bavx2\b/.test(readFileSync('/proc/cpuinfo', 'utf8'))
}
