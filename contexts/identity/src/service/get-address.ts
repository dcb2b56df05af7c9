import type { Address, GetAddressRequest } from '@souk/contract/identity'
import { type Call, userId } from '@souk/platform'
import { notFound } from '../faults.ts'
import type { Deps } from './deps.ts'

export const getAddress =
  ({ db, addresses }: Deps) =>
  async ({ id }: GetAddressRequest, call: Call): Promise<Address> => {
    const address = await addresses.find(db, userId(call), id)
    if (!address) throw notFound()
    return address
  }
