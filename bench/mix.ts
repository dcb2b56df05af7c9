import type { Answer, Lane } from './lane.ts'
import type { Work } from './load.ts'
import type { Shop } from './shop.ts'

/** What twenty pieces of work are: most people look, some fill a bag, few order, and half of those pay. */
const twenty = [
  ...['list', 'detail', 'page', 'list', 'detail', 'page'],
  ...['cart', 'place', 'list', 'detail', 'cart', 'pay'],
  ...['page', 'list', 'cart', 'place', 'detail', 'page', 'cart', 'cancel'],
] as const

/** Everyday work of a shop. Every order that is placed is paid or cancelled by later work. */
export const everyday = (shop: Shop): Work => {
  const placed: { id: string; buyer: number }[] = []
  const counts = { cart: 0, place: 0 }
  const place = async (lane: Lane): Promise<Answer> => {
    const buyer = counts.place++
    const answer = await shop.place(lane, buyer)
    if (answer.status === 201) placed.push({ id: JSON.parse(answer.body).id, buyer })
    return answer
  }
  return (lane, n) => {
    const kind = twenty[n % twenty.length]!
    if (kind === 'cart') return shop.addToCart(lane, counts.cart++)
    if (kind === 'place') return place(lane)
    if (kind !== 'pay' && kind !== 'cancel') return lane.send(shop[kind])
    const order = placed.shift()
    if (!order) return place(lane)
    return kind === 'pay' ? shop.pay(lane, order.buyer, order.id) : shop.cancel(lane, order.buyer, order.id)
  }
}
