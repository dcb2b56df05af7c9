import type { ShipmentShipped } from '@souk/contract/fulfillment'
import type { Deps } from '../deps.ts'
import { ship } from '../domain/holds.ts'
import { applyTogether } from './apply-together.ts'

/** What left a warehouse leaves its books. */
export const shipParcels = (deps: Deps) => applyTogether<ShipmentShipped>(deps, { name: 'ship' }, ship)
