import type { Draft, Group, Line, Order } from '../src/domain/order.ts'
import { noAdjustments, priceOrder } from '../src/domain/pricing.ts'

export const noon = new Date('2026-07-09T12:00:00Z')
export const soon = new Date('2026-07-09T12:10:00Z')
export const later = new Date('2026-07-09T12:15:00Z')

export const address = {
  id: '',
  recipient: '张伟',
  phone: '+8613800138000',
  country: 'CN',
  province: '上海市',
  city: '上海市',
  district: '浦东新区',
  line1: '世纪大道 1 号',
  line2: '',
  postalCode: '200120',
  isDefault: false,
}

export const line = (skuId: string, quantity: number, unitPrice: number, merchantId = 'm1'): Line => ({
  skuId,
  quantity,
  unitPrice,
  discount: 0,
  productId: `product-${skuId}`,
  slug: skuId,
  code: skuId,
  name: `茶壶 ${skuId}`,
  options: { 颜色: '青' },
  hue: 210,
  image: '',
  merchantId,
})

export const group = (id: string, place: number, quantity: number): Group => ({
  id,
  merchantId: 'm1',
  warehouseId: `w-${id}`,
  status: 'CREATED',
  freight: 0,
  portions: [{ line: place, quantity, discount: 0 }],
})

/** Two lines in two groups, 350.00 in all. */
export const draft = (patch: Partial<Draft> = {}): Draft => ({
  ...priceOrder('CNY', [line('a', 2, 10_000), line('b', 3, 5_000)], noAdjustments),
  groups: [group('g1', 0, 2), group('g2', 1, 3)],
  address,
  note: '请放门口',
  ...patch,
})

export const awaiting = (patch: Partial<Order> = {}): Order => ({
  ...draft(),
  id: '0197ec00-0000-7000-8000-000000000001',
  number: '20260709ABCDEFGHJKMN',
  buyerId: '0197ec00-0000-7000-8000-0000000000b1',
  status: 'AWAITING_PAYMENT',
  version: 1,
  payBefore: later,
  openPaymentId: null,
  openMethod: null,
  onDelivery: false,
  paid: false,
  captured: 0,
  refunded: 0,
  cancelReason: null,
  createdAt: noon,
  ...patch,
})

const groupsIn = (status: Group['status']): Group[] => draft().groups.map((each) => ({ ...each, status }))

const money = { paid: true, captured: 35_000 }

/** An ordinary order in each status. */
export const orderIn: Record<Order['status'], (patch?: Partial<Order>) => Order> = {
  AWAITING_PAYMENT: awaiting,
  PAID: (patch) => awaiting({ status: 'PAID', ...money, ...patch }),
  ALLOCATED: (patch) => awaiting({ status: 'ALLOCATED', ...money, ...patch }),
  SHIPPED: (patch) => awaiting({ status: 'SHIPPED', ...money, groups: groupsIn('IN_TRANSIT'), ...patch }),
  DELIVERED: (patch) => awaiting({ status: 'DELIVERED', ...money, groups: groupsIn('DELIVERED'), ...patch }),
  COMPLETED: (patch) => awaiting({ status: 'COMPLETED', ...money, groups: groupsIn('DELIVERED'), ...patch }),
  CANCELLING: (patch) => awaiting({ status: 'CANCELLING', ...money, cancelReason: 'BUYER', ...patch }),
  CANCELLED: (patch) =>
    awaiting({ status: 'CANCELLED', ...money, cancelReason: 'BUYER', groups: groupsIn('VOIDED'), ...patch }),
}
