import { type Call, type Handler, HandlerStack, release } from '@fetchstack/handler-stack'
import { captureConsole, type Dump, dumpsOf } from '../dump.ts'
import type { Check, RuleChecks } from '../rule.ts'
import { canned, type Stage } from '../stage.ts'

/** Where the kit puts what must not be printed, by what the error calls it. */
const planted = {
  'the authorization header of the caller': 'kit-planted-authorization',
  'the cookie of the caller': 'kit-planted-cookie',
  'a query value of the URL': 'kit-planted-query',
  'the password in the URL': 'kit-planted-password',
} as const

const headers = {
  authorization: `Bearer ${planted['the authorization header of the caller']}`,
  cookie: `session=${planted['the cookie of the caller']}`,
}

export const secrets: RuleChecks = {
  name: 'secrets',
  asks: 'No credential gets into an error, a line of the console, the trail, or the print of a stack.',
  checks: () => [
    check('a failure on the network', () => failing, plainUrl),
    check('a URL with a user name', () => failing, urlWithPassword),
    ...[401, 404, 503].map((status) => check(`status ${status}`, () => undefined, scripted(status))),
    printed,
  ],
}

const failing: Handler = async () => {
  throw new TypeError('fetch failed', { cause: new Error('the kit lets it fail') })
}

const query = `key=${planted['a query value of the URL']}`
const plainUrl = ({ server }: Stage): string => `${server.url}/path?${query}`
const scripted =
  (status: number) =>
  ({ server }: Stage): string =>
    `${server.script(String(status))}?${query}`
const urlWithPassword = ({ server }: Stage): string =>
  `${server.url.replace('://', `://user:${planted['the password in the URL']}@`)}/path`

function check(name: string, terminal: () => Handler | undefined, makeUrl: (stage: Stage) => string): Check {
  return {
    name,
    run: async (stage) => {
      let call: Call | undefined
      const look =
        (next: Handler): Handler =>
        (request, given) => {
          call = given
          return next(request, given)
        }
      const middleware = new HandlerStack().push(look).push(stage.make() as never, 'subject')
      const api = stage.api(terminal(), middleware as never)
      const dumps: Dump[] = []
      const written = await captureConsole(async () => {
        try {
          release(await stage.settled(api(makeUrl(stage), { headers }), name))
        } catch (error) {
          dumps.push(...dumpsOf('the error', error))
        }
      })
      dumps.push(...written, ...dumpsOf('the trail of the call', call?.trail))
      dumps.push(...dumpsOf('what it wrote', stage.declared.wrote?.()))
      search(stage, dumps)
    },
  }
}

const printed: Check = {
  name: 'the print of a stack',
  run: async (stage) => {
    const middleware = stage.make()
    const stack = new HandlerStack(canned()).push(middleware as never, 'subject')
    search(stage, [
      ...dumpsOf('the stack', stack),
      ...dumpsOf('the findings of its check', stack.check()),
      // Not as text: that is its source.
      ...dumpsOf('the middleware', middleware).filter(({ how }) => !how.endsWith('as text')),
    ])
  },
}

/** Says where a credential was found, and does not repeat it. */
function search(stage: Stage, dumps: readonly Dump[]): void {
  const wanted = [
    ...Object.entries(planted),
    ...stage.declared.secrets.map((secret, index) => [`declares.secrets[${index}]`, secret] as const),
  ]
  for (const [what, secret] of wanted) {
    for (const { how, text } of dumps) {
      if (text.includes(secret))
        stage.fail(`${what} is in ${how}. Use redactUrl(url) and String(request), and keep headers out.`)
    }
  }
}
