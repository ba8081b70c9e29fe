import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PAGE_GLOBAL } from '../bundle/bundle.ts'
import type { CaseResult } from '../contract.ts'
import type { Job } from '../job.ts'
import type { Trust } from '../server/trust.ts'
import { temporaryFolder } from '../temporary.ts'
import { openCase } from './cases.ts'
import type { Host, Task } from './host.ts'
import { within } from './within.ts'

/** What is used of playwright-core; its types come with an installation that is not there at compile time. */
interface Page {
  route(url: string, handler: (route: { fulfill(answer: object): Promise<void> }) => unknown): Promise<void>
  unrouteAll(): Promise<void>
  goto(url: string): Promise<unknown>
  evaluate(script: string): Promise<unknown>
  close(): Promise<void>
}
interface Context {
  browser(): { version(): string } | null
  pages(): readonly Page[]
  newPage(): Promise<Page>
  close(): Promise<void>
}
interface Playwright {
  readonly chromium: { launchPersistentContext(folder: string, options: object): Promise<Context> }
}

const BOOT_LIMIT = 30_000

/** Without the background traffic of a browser that belongs to a person; and as root in a sandbox of its own. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-proxy-server',
  // A document that the driver hands in counts as one of the public internet, and could not reach loopback.
  '--disable-features=LocalNetworkAccessChecks',
]

/** A browser connects to a page's server ahead of need: that would be in the counts. 2: never. */
const PREFERENCES = { net: { network_prediction_options: 2 } }

/** The program is part of the document: what a debugger evaluates belongs to no origin, and its rejections are told to nobody. */
const documentOf = (program: string): string =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script>${program.replaceAll('</script', '<\\/script')}</script>`

/**
 * A document for each case, in the origin of the case's server: requests to it are same-origin, as those of an application to its own
 * API are. The document itself is handed in by the driver, so that the server sees only what the case sends.
 */
export async function chromiumHost(folder: string, executable: string, trust: Trust): Promise<Host> {
  const { chromium } = (await import(pathToFileURL(join(folder, 'index.mjs')).href)) as Playwright
  const temporary = temporaryFolder('chromium')
  let profiles = 0
  const launch = () => {
    // A new profile each time: the one of a browser that was ended is in an unknown state.
    const profile = join(temporary.path, String(++profiles))
    mkdirSync(join(profile, 'Default'), { recursive: true })
    writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(PREFERENCES))
    return chromium.launchPersistentContext(profile, {
      executablePath: executable,
      args: [...FLAGS, `--ignore-certificate-errors-spki-list=${trust.keyDigest}`],
      timeout: BOOT_LIMIT,
    })
  }
  let browser = await launch()

  const runInPage = async (job: Job, program: string): Promise<CaseResult> => {
    const [page = await browser.newPage()] = browser.pages()
    const address = `${job.url}/`
    await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: documentOf(program) }))
    await page.goto(address)
    // With a route, every request of the page would go through the driver.
    await page.unrouteAll()
    const run = `${PAGE_GLOBAL}.runCase(${PAGE_GLOBAL}.suite, ${JSON.stringify(job)})`
    return (await page.evaluate(run)) as CaseResult
  }

  return {
    runtime: 'chromium',
    version: browser.browser()?.version() ?? 'unknown',
    run: async (task: Task) => {
      for (const id of task.ids) {
        const { job, limit, finish } = await openCase(task, 'chromium', id)
        try {
          const work = runInPage(job, task.bundles.page)
          await finish(await within(limit + task.grace, 'The page did not answer', work))
        } catch (error) {
          await finish({ id, failure: `The page failed: ${(error as Error).message}` })
          await browser.close()
          browser = await launch()
        }
      }
    },
    close: async () => {
      await browser.close()
      temporary.remove()
    },
  }
}
