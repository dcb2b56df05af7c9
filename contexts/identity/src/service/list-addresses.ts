import type { ListAddressesAnswer, ListAddressesRequest } from '@souk/contract/identity'
import { type Call, userId } from '@souk/platform'
import type { Deps } from './deps.ts'

/** All of them: an address book is capped well below a page. */
export const listAddresses =
  ({ db, addresses }: Deps) =>
  async (_: ListAddressesRequest, call: Call): Promise<ListAddressesAnswer> => ({
    addresses: await addresses.list(db, userId(call)),
    nextPageToken: '',
  })
