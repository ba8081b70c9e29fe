import type { RuntimeName } from '../contract.ts'
import { get, post, streamForms } from './forms.ts'
import type { Group } from './group.ts'

const inapplicable = (runtime: RuntimeName): string | undefined =>
  runtime === 'workerd' ? 'workerd trusts no certificate of ours' : undefined

function group(name: string, about: string, steps: string): Group {
  return {
    name,
    about,
    forms: [get, post],
    overStreams: true,
    url: ({ streams }) => streams!.script(steps),
    inapplicable,
  }
}

/** Over HTTP/2, where the runtime speaks it. To one that does not, every step is an answer. */
export const streamGroups: readonly Group[] = [
  { ...group('h2-ok', 'A 200 over HTTP/2.', '200'), forms: [get, post, ...streamForms.slice(0, 1)] },
  group(
    'h2-refused-stream',
    'HTTP/2: the server resets the stream with REFUSED_STREAM, and answers the next.',
    'refused,200',
  ),
  group(
    'h2-internal-error',
    'HTTP/2: the server resets the stream with INTERNAL_ERROR, and answers the next.',
    'internal,200',
  ),
  group('h2-goaway', 'HTTP/2: the server says GOAWAY and does not answer, and answers the next.', 'goaway,200'),
]
