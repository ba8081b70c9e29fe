import { existsSync } from 'node:fs'
import { runCommand } from '../command.ts'

const DEBIAN = '/usr/bin/chromium'

/**
 * Finds a Chromium: `CHROMIUM_PATH`, then Debian's, which is installed when this process may do so.
 * Rejects with the reason why there is none.
 */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = env['CHROMIUM_PATH']
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named
    throw new Error(`CHROMIUM_PATH is ${named}, and there is no such file`)
  }
  if (existsSync(DEBIAN)) return DEBIAN
  const hint = 'Install Chromium, or name one with CHROMIUM_PATH'
  if (!existsSync('/usr/bin/apt-get')) throw new Error(`there is no ${DEBIAN} and no apt-get. ${hint}`)
  if (process.getuid?.() !== 0) throw new Error(`there is no ${DEBIAN}, and apt-get needs root. ${hint}`)
  const apt = { cwd: '/', env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } }
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
  ]) {
    const { ok, output } = await runCommand('apt-get', args, apt)
    if (!ok) throw new Error(`apt-get ${args.join(' ')} fails: ${output.slice(-500)}. ${hint}`)
  }
  if (!existsSync(DEBIAN)) throw new Error(`apt-get installed chromium, and there is no ${DEBIAN}. ${hint}`)
  return DEBIAN
}
