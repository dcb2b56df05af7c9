import type { ChannelRefund, GetRefundRequest } from '@souk/contract/sandbox'
import type { Deps } from '../deps.ts'
import { noSuchRefund } from '../faults.ts'
import { toRefund } from '../store.ts'

export const getRefund =
  ({ db, store }: Deps) =>
  async ({ refundId }: GetRefundRequest): Promise<ChannelRefund> => {
    const refund = await store.refund(db, refundId)
    if (!refund) throw noSuchRefund()
    return toRefund(refund)
  }
