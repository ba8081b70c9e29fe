import { allForms, get, post } from './forms.ts'
import type { Group } from './group.ts'

export const tlsGroups: readonly Group[] = [
  {
    name: 'tls-self-signed',
    about: 'The certificate of the server is signed by itself.',
    forms: allForms,
    url: ({ tlsUrl }) => `${tlsUrl}/`,
  },
  {
    name: 'tls-to-plain',
    about: 'An https URL with the port of a server that does not speak TLS.',
    forms: [get, post],
    url: ({ server }) => `${server.url.replace('http:', 'https:')}/`,
  },
  {
    name: 'plain-to-tls',
    about: 'An http URL with the port of a server that speaks TLS only.',
    forms: [get, post],
    url: ({ tlsUrl }) => `${tlsUrl.replace('https:', 'http:')}/`,
  },
  {
    name: 'tls-reset',
    about: 'The connection is reset before the TLS handshake.',
    forms: [get, post],
    url: async ({ server }) => {
      await server.refuse('reset')
      return `${server.url.replace('http:', 'https:')}/`
    },
  },
]
