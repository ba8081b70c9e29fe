import { allForms, get, post, streamForms } from './forms.ts'
import type { Group } from './group.ts'

const encode = encodeURIComponent
const plain = [get, post]

/** Of what a redirect led to. The script is relative to itself: `../200/1` is another script of the same server. */
export const redirectGroups: readonly Group[] = [
  {
    name: 'redirect-307',
    about: 'A 307, which keeps method and body.',
    forms: allForms.filter(({ kind }) => kind !== 'stream'),
    script: `307;location=${encode('../200;connection=close/1')}`,
  },
  {
    name: 'redirect-stream',
    about: 'A 307 to a request whose body is a stream, which can not be sent again.',
    forms: streamForms,
    script: `307;location=${encode('../200;connection=close/1')};connection=close`,
  },
  {
    name: 'redirect-loop',
    about: 'A redirect leads to itself.',
    forms: plain,
    script: '302;location=loop;connection=close',
  },
  {
    name: 'redirect-error',
    about: "A redirect, where redirect is 'error'.",
    forms: plain,
    script: '302;location=loop;connection=close',
    init: { redirect: 'error' },
  },
  {
    name: 'redirect-bad-url',
    about: 'A redirect to something that is no URL.',
    forms: plain,
    script: `302;location=${encode('http://[')};connection=close`,
  },
  {
    name: 'redirect-bad-port',
    about: 'A redirect to a port that fetch does not call.',
    forms: plain,
    script: `302;location=${encode('http://127.0.0.1:1/')};connection=close`,
  },
  {
    name: 'redirect-scheme',
    about: 'A redirect to a scheme that fetch does not know.',
    forms: plain,
    script: `302;location=${encode('foo://127.0.0.1/')};connection=close`,
  },
  {
    name: 'redirect-to-refused',
    about: 'The server takes the request and redirects to where nothing listens.',
    forms: plain,
    url: ({ server }) => server.script(`302;location=${encode(`${server.refusedUrl}/`)};connection=close`),
  },
  {
    name: 'redirect-to-no-host',
    about: 'The server takes the request and redirects to a name that does not exist.',
    forms: plain,
    script: `302;location=${encode('http://fetchstack.invalid/')};connection=close`,
  },
]
