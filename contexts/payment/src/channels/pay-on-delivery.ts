import type { Channel } from '../channel.ts'

/**
 * The buyer pays the courier. Nobody outside has to be asked: choosing opens the attempt, staff record the money when it
 * was brought, and money that goes back is handed over by staff, so each verb is decided at once.
 */
export const payOnDelivery: Channel = {
  id: 'pay_on_delivery',
  name: { en: 'Pay on delivery', 'zh-CN': '货到付款' },
  clearing: 'courier_clearing',
  remote: false,
  create: async () => ({ status: 'PENDING', redirectUrl: '', reference: '' }),
  query: async () => ({ status: 'PENDING', redirectUrl: '', reference: '' }),
  void: async () => ({ status: 'VOIDED' }),
  refund: async ({ amount }) => ({ status: 'SUCCEEDED', amount, reference: '' }),
  queryRefund: async () => ({ status: 'ABSENT' }),
}
