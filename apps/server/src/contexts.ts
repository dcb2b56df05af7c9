import { cart } from '@souk/cart'
import { catalog } from '@souk/catalog'
import { fulfillment } from '@souk/fulfillment'
import { identity } from '@souk/identity'
import { inventory } from '@souk/inventory'
import { order } from '@souk/order'
import { payment } from '@souk/payment'
import type { ConfigSpec, Context, ServiceName } from '@souk/platform'
import { sandbox } from '@souk/sandbox'

/** Any front door; the composition does not care about their parameters. */
export type AnyContext = Context<ServiceName, ConfigSpec>

/** Everything that can be hosted, in the order in which it is migrated and seeded. */
export const contexts = [
  identity,
  inventory,
  catalog,
  cart,
  order,
  sandbox,
  payment,
  fulfillment,
] as unknown as readonly AnyContext[]
