import type { FactPayloads } from '@souk/contract/facts'
import type { Built, Tx } from '@souk/platform'
import type { Deps } from './deps.ts'
import type { Books } from './domain/books.ts'
import { answerHold, commitOrder, releaseOrder, ship } from './domain/holds.ts'
import { sumLines } from './domain/plan.ts'

type Heard<Payload> = { payload: Payload }

/** Fact heard → verb of the domain; many facts share one transaction. */
export const onFacts = ({ within, failpoint, metrics, log }: Deps) => {
  const together = <Payload extends { orderId: string }>(
    name: string,
    skuIdsOf: (payload: Payload) => readonly string[],
    apply: (books: Books, payload: Payload) => void,
  ) => ({
    batch: async (facts: readonly Heard<Payload>[], tx: Tx): Promise<void> => {
      const payloads = facts.map(({ payload }) => payload)
      const scope = { skuIds: payloads.flatMap(skuIdsOf), orderIds: payloads.map(({ orderId }) => orderId) }
      await within(tx, scope, (books) => {
        for (const payload of payloads) apply(books, payload)
      })
      await failpoint(`inventory.${name}.beforeCommit`)
    },
  })
  const nothingElse = () => []

  const commit = together<FactPayloads['order.OrderPaid']>(
    'commitOrder',
    ({ lines }) => lines.map((line) => line.skuId),
    (books, { orderId, lines }) => {
      const outcome = commitOrder(books, orderId, sumLines(lines))
      metrics.count('stock_commits', { outcome })
      if (outcome === 'failed') log.error('stock of a paid order is gone', { orderId, error: 'OUT_OF_STOCK' })
    },
  )

  return {
    'order.OrderPaid': commit,
    'order.OrderAccepted': commit,
    'order.OrderCancelled': together<FactPayloads['order.OrderCancelled']>(
      'releaseOrder',
      nothingElse,
      (books, { orderId }) => releaseOrder(books, orderId),
    ),
    'order.HoldAnswered': together<FactPayloads['order.HoldAnswered']>(
      'answerHold',
      nothingElse,
      (books, { orderId, needed }) => answerHold(books, orderId, needed),
    ),
    'fulfillment.ShipmentShipped': together<FactPayloads['fulfillment.ShipmentShipped']>('ship', nothingElse, ship),
  } satisfies Built['facts']
}
