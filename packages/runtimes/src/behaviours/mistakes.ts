import { allForms, get, post, streamForms, TEXT } from './forms.ts'
import type { Group } from './group.ts'

const plain = [get, post]
const requestForms = allForms.filter(({ name }) => name === 'post-request')

/** What the program does wrong: nothing is sent, and nothing is ever resent. */
export const mistakeGroups: readonly Group[] = [
  {
    name: 'bad-port',
    about: 'A port that fetch does not call.',
    forms: plain,
    url: () => 'http://127.0.0.1:1/',
  },
  {
    name: 'unknown-scheme',
    about: 'A URL with a scheme that fetch does not know.',
    forms: plain,
    url: () => 'foo://host/',
  },
  // The token's origin can't be told of what is no URL: there the stack itself refuses, before fetch.
  { name: 'invalid-url', about: 'Something that is no URL.', forms: plain, url: () => 'http://[', bearer: false },
  {
    name: 'url-with-credentials',
    about: 'A URL with a user name and a password in it.',
    forms: plain,
    // With a token the stack refuses it on every runtime.
    bearer: false,
    url: ({ server }) => server.script('200;connection=close').replace('http://', 'http://user:password@'),
  },
  {
    name: 'invalid-header',
    about: 'A line break in the value of a header.',
    forms: plain,
    bearer: false,
    init: { headers: { 'x-title': 'a\nb' } },
  },
  {
    name: 'relative-url',
    about: 'A URL without a scheme and host, where there is no base.',
    forms: plain,
    bearer: false,
    url: () => '/script/200;connection=close/relative',
  },
  { name: 'invalid-method', about: 'A method with a space in it.', forms: plain, init: { method: 'GE T' } },
  {
    name: 'forbidden-method',
    about: 'The method CONNECT, which fetch does not send.',
    forms: plain,
    init: { method: 'CONNECT' },
  },
  {
    name: 'get-with-body',
    about: 'A GET with a body.',
    forms: [get],
    init: { body: TEXT },
  },
  {
    name: 'body-used',
    about: 'A Request whose body has been read.',
    forms: requestForms,
    make: (url, { method }) => {
      const request = new Request(url, { method, body: TEXT })
      request.text().catch(() => {})
      return [request, {}]
    },
  },
  {
    name: 'stream-without-duplex',
    about: "A stream as body without duplex: 'half'.",
    forms: streamForms,
    make: (url, form) => {
      const [input, { duplex: _, ...init }] = form.make(url)
      return [input, init]
    },
  },
]
