import { type Fault, fault } from '@souk/kernel'

export const noSuchShipment = (): Fault => fault('NOT_FOUND')

export const illegalMove = (from: string, verb: string): Fault => fault('ILLEGAL_TRANSITION', { from, verb })
