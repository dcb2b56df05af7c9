import type { Address, SnapshotAddressRequest } from '@souk/contract/identity'
import type { Call } from '@souk/platform'
import { notFound } from '../faults.ts'
import type { Deps } from './deps.ts'

/** A buyer's address as it is now, for an order to keep; an address of somebody else is not found. */
export const snapshotAddress =
  ({ db, addresses }: Deps) =>
  async ({ userId, addressId }: SnapshotAddressRequest, _: Call): Promise<Address> => {
    const address = await addresses.find(db, userId, addressId)
    if (!address) throw notFound()
    return address
  }
