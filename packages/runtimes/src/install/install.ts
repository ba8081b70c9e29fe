import type { RuntimeName } from '../contract.ts'
import { chromiumHost } from '../hosts/chromium.ts'
import type { Host } from '../hosts/host.ts'
import { processHost } from '../hosts/process.ts'
import { workerdHost } from '../hosts/workerd.ts'
import { TRUSTED_HOST, type Trust } from '../server/trust.ts'
import { installBinary } from './binary.ts'
import { findChromium } from './chromium.ts'
import { installPackage } from './npm.ts'
import { MINIFLARE, PLAYWRIGHT } from './versions.ts'

/** Sets a runtime up: installs what is missing, and starts nothing but what it needs to tell its version. */
export async function setUp(runtime: RuntimeName, trust: Trust): Promise<Host> {
  switch (runtime) {
    case 'node-22':
    case 'node-24':
      return processHost({ runtime, program: await installBinary(runtime), trust })
    case 'node-26':
      return processHost({ runtime, program: projectNode(), trust })
    case 'bun':
      return processHost({ runtime, program: await installBinary(runtime), args: ['--no-install'], trust })
    case 'deno':
      return processHost({
        runtime,
        program: await installBinary(runtime),
        trust,
        args: [
          'run',
          `--unsafely-ignore-certificate-errors=${TRUSTED_HOST}`,
          '--allow-all',
          '--no-prompt',
          '--no-config',
          '--no-lock',
          '--no-remote',
          '--no-npm',
          '--quiet',
        ],
      })
    case 'workerd':
      return workerdHost(await installPackage(MINIFLARE))
    case 'chromium':
      return chromiumHost(await installPackage(PLAYWRIGHT), await findChromium(), trust)
  }
}

/** The Node that runs this program is the project's own. */
function projectNode(): string {
  const [major] = process.versions.node.split('.')
  if (major === '26') return process.execPath
  throw new Error(`the project's own Node is 26, and this program runs on ${process.versions.node}`)
}
