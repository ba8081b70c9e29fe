import type { RuleChecks } from '../rule.ts'
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
import { unchanged } from './unchanged.ts'
import { untouched } from './untouched.ts'

/** All rules, those about responses first. */
export const allRules: readonly RuleChecks[] = [
  sameResponse,
  metadata,
  untouched,
  releases,
  inputs,
  resendsWhole,
  passesOn,
  unchanged,
  abort,
  listeners,
  timers,
  syncThrow,
  reEntrant,
  concurrent,
  isolated,
  state,
  secrets,
  origins,
]
