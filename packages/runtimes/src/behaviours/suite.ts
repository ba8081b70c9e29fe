import type { Suite } from '../contract.ts'
import { abortGroups } from './aborts.ts'
import type { Group } from './group.ts'
import { mistakeGroups } from './mistakes.ts'
import { networkGroups } from './network.ts'
import { observe } from './observe.ts'
import { redirectGroups } from './redirects.ts'
import { tlsGroups } from './tls.ts'

/** All rows, in the order of the table. */
export const groups: readonly Group[] = [
  ...networkGroups,
  ...tlsGroups,
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
      ...(group.inapplicable && { inapplicable: group.inapplicable }),
      run: (context) => observe(group, form, context),
    })),
  ),
}
