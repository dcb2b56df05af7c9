import { type Fault, fault, invalid } from '@souk/kernel'

/** `available` is what could be had at that moment. */
export const outOfStock = (skuId: string, available: number): Fault => fault('OUT_OF_STOCK', { skuId, available })

export const holdConflict = (orderId: string): Fault => fault('HOLD_CONFLICT', { orderId })

export const noSuchHold = (orderId: string): Fault => fault('NOT_FOUND', { orderId })

export const noSuchSku = (skuId: string): Fault => fault('NOT_FOUND', { skuId })

export const noSuchWarehouse = (warehouseId: string): Fault => fault('NOT_FOUND', { warehouseId })

export const illegalMove = (from: string, verb: string): Fault => fault('ILLEGAL_TRANSITION', { from, verb })

export const codeTaken = (): Fault =>
  invalid({ field: 'code', rule: 'unique', message: 'another warehouse has this code' })

export const orderIdTaken = (): Fault =>
  invalid({ field: 'orderId', rule: 'unique', message: 'this id already names something else' })

export const nothingToAdjust = (): Fault => invalid({ field: 'delta', rule: 'not_zero', message: 'must not be zero' })

export const tooMuchStock = (field: string): Fault =>
  invalid({ field, rule: 'max', message: 'more than a warehouse can hold' })
