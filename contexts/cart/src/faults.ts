import { type Fault, fault } from '@souk/kernel'

export const noSuchSku = (skuId: string): Fault => fault('NOT_FOUND', { skuId })

export const notInCart = (skuId: string): Fault => fault('NOT_FOUND', { skuId })

export const notBuyable = (skuId: string): Fault => fault('NOT_BUYABLE', { skuId })

export const tooManyLines = (limit: number): Fault => fault('LIMIT_REACHED', { limit, of: 'lines' })

export const tooManyPieces = (limit: number): Fault => fault('LIMIT_REACHED', { limit, of: 'quantity' })
