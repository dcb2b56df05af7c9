import { type Fault, fault, invalid, type Violation } from '@souk/kernel'

/** Unknown, or not to be seen by this caller. */
export const notFound = (): Fault => fault('NOT_FOUND')

/** The editor saw an older version than `version`. */
export const versionConflict = (version: number): Fault => fault('VERSION_CONFLICT', { version })

export const slugTaken = (slug: string): Fault => fault('SLUG_TAKEN', { slug })

export const skuCodeTaken = (code: string): Fault => fault('SKU_CODE_TAKEN', { code })

export const illegalTransition = (from: string, event: string): Fault => fault('ILLEGAL_TRANSITION', { from, event })

export const notPublishable = (missing: string): Fault => fault('NOT_PUBLISHABLE', { missing })

export const importUnreadable = (reason: string): Fault => fault('IMPORT_UNREADABLE', { reason })

export const pictureRefused = (reason: string, cause?: unknown): Fault => fault('PICTURE_REFUSED', { reason }, cause)

/** Inventory did not take the first stock; the product stays a draft until a timer has made up for it. */
export const stockUnavailable = (cause: unknown): Fault => fault('UNAVAILABLE', { part: 'inventory' }, cause)

export const tooBusy = (part: string): Fault => fault('OVERLOADED', { part })

export const limitReached = (what: string, limit: number): Fault => fault('LIMIT_REACHED', { what, limit })

export const refused = (violations: Violation[]): Fault => invalid(...violations)
