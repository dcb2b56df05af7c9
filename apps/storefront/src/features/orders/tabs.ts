import type { OrderStatus_Value } from '@souk/contract/order'

/** Tabs of the order list and the state each shows. */
export const tabs = {
  all: undefined,
  pay: 'AWAITING_PAYMENT',
  ship: 'ALLOCATED',
  receive: 'SHIPPED',
  done: 'DELIVERED',
  cancelled: 'CANCELLED',
} as const satisfies Record<string, OrderStatus_Value | undefined>

export type Tab = keyof typeof tabs

export const parseTab = ({ tab }: Record<string, unknown>): { tab?: Tab } =>
  typeof tab === 'string' && tab !== 'all' && Object.hasOwn(tabs, tab) ? { tab: tab as Tab } : {}
