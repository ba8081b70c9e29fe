import type { EvidenceReader } from '../types.ts'
import { vendorHeaders } from './vendor-headers.ts'
import { verdictHeaders } from './verdict-headers.ts'

/** The readers that `classify` uses unless it is told otherwise, strongest first. */
export const defaultReaders: readonly EvidenceReader[] = [verdictHeaders, vendorHeaders]
