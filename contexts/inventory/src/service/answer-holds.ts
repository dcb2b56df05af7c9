import type { HoldAnswered } from '@souk/contract/order'
import type { Deps } from '../deps.ts'
import { answerHold } from '../domain/holds.ts'
import { applyTogether } from './apply-together.ts'

/** Overdue holds end, or stay with their order. */
export const answerHolds = (deps: Deps) =>
  applyTogether<HoldAnswered>(deps, { name: 'answerHold' }, (books, { orderId, needed }) =>
    answerHold(books, orderId, needed),
  )
