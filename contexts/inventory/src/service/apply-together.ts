import type { Tx } from '@souk/platform'
import type { Deps } from '../deps.ts'
import type { Books } from '../domain/books.ts'

type Concerned<Payload> = { name: string; skuIdsOf?: (payload: Payload) => readonly string[] }

/** Lets many facts about orders write into the same books, one after the other, in the consumer's transaction. */
export const applyTogether =
  <Payload extends { orderId: string }>(
    { within, failpoint }: Deps,
    { name, skuIdsOf = () => [] }: Concerned<Payload>,
    apply: (books: Books, payload: Payload) => void,
  ) =>
  async (payloads: readonly Payload[], tx: Tx): Promise<void> => {
    const scope = { skuIds: payloads.flatMap(skuIdsOf), orderIds: payloads.map(({ orderId }) => orderId) }
    await within(tx, scope, (books) => {
      for (const payload of payloads) apply(books, payload)
    })
    await failpoint(`inventory.${name}.beforeCommit`)
  }
