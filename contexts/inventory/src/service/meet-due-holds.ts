import { errorText } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { meetDue } from '../domain/holds.ts'

/** Holds looked at in one transaction. */
const mostTogether = 100

/**
 * Ends overdue holds of API keys and asks the order context about its own (`HoldOverdue`). One indexed statement when
 * nothing is due; one bad hold is logged and holds up nobody else.
 */
export const meetDueHolds = ({ db, reads, within, failpoint, log }: Deps) => {
  const meet = (orderIds: readonly string[]) =>
    db.tx(async (tx) => {
      await within(tx, { skuIds: [], orderIds }, (books) => {
        for (const orderId of orderIds) meetDue(books, orderId)
      })
      await failpoint('inventory.meetDueHolds.beforeCommit')
    })

  const meetAlone = async (orderId: string): Promise<void> => {
    try {
      await meet([orderId])
    } catch (error) {
      log.error('overdue hold not met', { orderId, error: errorText(error) })
    }
  }

  return async (): Promise<void> => {
    for (;;) {
      const due = await reads.dueHolds(db, mostTogether)
      if (due.length === 0) return
      try {
        await meet(due)
      } catch {
        for (const orderId of due) await meetAlone(orderId)
        return
      }
      if (due.length < mostTogether) return
    }
  }
}
