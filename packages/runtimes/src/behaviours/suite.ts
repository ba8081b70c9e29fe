import type { RuntimeName, Suite } from '../contract.ts'
import { abortGroups } from './aborts.ts'
import type { Form } from './forms.ts'
import type { Group } from './group.ts'
import { mistakeGroups } from './mistakes.ts'
import { networkGroups } from './network.ts'
import { observe } from './observe.ts'
import { redirectGroups } from './redirects.ts'
import { streamGroups } from './streams.ts'
import { tlsGroups } from './tls.ts'

/** All rows, in the order of the table. */
export const groups: readonly Group[] = [
  ...networkGroups,
  ...tlsGroups,
  ...streamGroups,
  ...redirectGroups,
  ...mistakeGroups,
  ...abortGroups,
]

/** What goes wrong, crossed with what is sent. */
export const suite: Suite = {
  name: 'behaviours',
  cases: groups.flatMap((group) =>
    group.forms.map((form) => ({
      id: `${group.name}/${form.name}`,
      group: group.name,
      ...(group.timeLimit !== undefined && { timeLimit: group.timeLimit }),
      inapplicable: (runtime) => group.inapplicable?.(runtime) ?? withoutStreams(runtime, group, form),
      run: (context) => observe(group, form, context),
    })),
  ),
}

/** Chromium refuses them over HTTP/1.1 at once. That is shown by one row, and keeps nothing to be seen in the others. */
function withoutStreams(runtime: RuntimeName, { name, overStreams }: Group, { kind }: Form): string | undefined {
  const refused = runtime === 'chromium' && kind === 'stream' && !overStreams
  const shown = ['ok', 'stream-without-duplex']
  return refused && !shown.includes(name) ? 'Chromium sends a stream over HTTP/2 only' : undefined
}
