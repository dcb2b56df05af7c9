import type { PublishState } from '@souk/contract/catalog'
import { illegalTransition } from '../faults.ts'

export type PublishEvent = 'publish' | 'unpublish' | 'archive'

/** The whole life of a product; what is not written here is refused. */
export const transitions: Record<PublishState, Partial<Record<PublishEvent, PublishState>>> = {
  DRAFT: { publish: 'PUBLISHED', archive: 'ARCHIVED' },
  PUBLISHED: { unpublish: 'UNPUBLISHED', archive: 'ARCHIVED' },
  UNPUBLISHED: { publish: 'PUBLISHED', archive: 'ARCHIVED' },
  ARCHIVED: {},
}

/** The state after `event`. @throws ILLEGAL_TRANSITION */
export const nextState = (from: PublishState, event: PublishEvent): PublishState => {
  const to = transitions[from][event]
  if (!to) throw illegalTransition(from, event)
  return to
}
