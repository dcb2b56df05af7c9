import type { GetPaymentRequest, Payment } from '@souk/contract/payment'
import { isId } from '@souk/kernel'
import { type Call, userId } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { noSuchPayment } from '../faults.ts'

export const getPayment =
  ({ db, store }: Deps) =>
  async ({ id }: GetPaymentRequest, call: Call): Promise<Payment> => {
    const payment = isId(id) ? await store.views.owned(db, id, userId(call)) : undefined
    if (!payment) throw noSuchPayment()
    return payment
  }
