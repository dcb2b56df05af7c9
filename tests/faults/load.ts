import { address, must } from '../api.ts'
import { crowd } from './crowd.ts'
import { pause } from './random.ts'
import { registerPatiently, type Shop } from './shop.ts'

export type Load = {
  /** Lets everybody finish what he began; answers what did not come to its end. */
  stop(): Promise<string[]>
}

/** Buyers who place and pay one order after another, with so many milliseconds between. */
const everydayBuyers = 6
const restMs = 60

/** A crowd, and buyers who never stop; each of them goes on whatever happens to the system. */
export const startLoad = (shop: Shop, random: () => number): Load => {
  let stopping = false
  const everyday = async (n: number): Promise<string[]> => {
    try {
      const buyer = await registerPatiently(shop)
      for (let i = n; !stopping; i++) {
        const lines = [{ skuId: shop.skuIds[i % shop.skuIds.length]!, quantity: 1 }]
        const { id } = must(await buyer.post('/v1/orders', { lines, address }), 201)
        if (i % 3 === 0) must(await buyer.post(`/v1/orders/${id}/cancel`), 200)
        else {
          const payment = must(await buyer.post('/v1/payments', { orderId: id, method: 'sandbox' }), 201)
          // Without an address yet: nobody knows whether the channel has heard of it. It is asked later.
          if (payment.redirectUrl)
            must(await buyer.post(new URL(payment.redirectUrl).pathname, { outcome: 'SUCCESS' }), 200)
        }
        await pause(restMs)
      }
      return []
    } catch (error) {
      return [`an everyday buyer: ${error instanceof Error ? error.message : String(error)}`]
    }
  }
  const everybody = [crowd(shop, random), ...Array.from({ length: everydayBuyers }, (_, n) => everyday(n))]
  return {
    stop: async () => {
      stopping = true
      return (await Promise.all(everybody)).flat()
    },
  }
}
