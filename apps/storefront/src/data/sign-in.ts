import type { TokenAnswer } from '@souk/contract/identity'
import { queryClient } from '../query-client.ts'
import { endSession, enterSession, holdToken } from '../session/session.ts'
import { logout } from './account.ts'
import type { BagChange } from './bag-changes.ts'
import { mergeGuestBag, reloadCart } from './cart.ts'

/** What belonged to somebody else must not stay on screen. */
const forgetPeople = (): void => {
  for (const key of ['orders', 'account', 'quote']) queryClient.removeQueries({ queryKey: [key] })
}

/** Begins the session and brings the guest's bag along; answers what that changed. */
export const completeSignIn = async (answer: TokenAnswer): Promise<BagChange[]> => {
  holdToken(answer)
  forgetPeople()
  try {
    return await mergeGuestBag()
  } catch {
    // The guest's token is kept: the next sign-in brings the bag along.
    return []
  } finally {
    enterSession(answer)
    await reloadCart()
  }
}

/** Signs out here and on the server; without a connection at least here. */
export const signOut = async (): Promise<void> => {
  try {
    await logout()
  } finally {
    endSession()
    forgetPeople()
    queryClient.removeQueries({ queryKey: ['cart'] })
    await reloadCart()
  }
}
