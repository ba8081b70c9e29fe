import type { RuleName } from '../../../src/conformance/index.ts'
import { abort } from './abort.ts'
import { concurrent } from './concurrent.ts'
import { inputs } from './inputs.ts'
import { isolated } from './isolated.ts'
import { listeners } from './listeners.ts'
import { metadata } from './metadata.ts'
import { origins } from './origins.ts'
import { passesOn } from './passes-on.ts'
import { reEntrant } from './re-entrant.ts'
import { releases } from './releases.ts'
import { resendsWhole } from './resends-whole.ts'
import { sameResponse } from './same-response.ts'
import { secrets } from './secrets.ts'
import { state } from './state.ts'
import { syncThrow } from './sync-throw.ts'
import { timers } from './timers.ts'
import type { Broken } from './types.ts'
import { unchanged } from './unchanged.ts'
import { untouched } from './untouched.ts'

export const broken: Readonly<Record<RuleName, readonly Broken[]>> = {
  abort,
  concurrent,
  inputs,
  isolated,
  listeners,
  metadata,
  origins,
  'passes-on': passesOn,
  're-entrant': reEntrant,
  releases,
  'resends-whole': resendsWhole,
  'same-response': sameResponse,
  secrets,
  state,
  'sync-throw': syncThrow,
  timers,
  unchanged,
  untouched,
}
