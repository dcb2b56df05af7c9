import type { Sku } from '@souk/contract/catalog'
import { useState } from 'react'
import { addToBag } from '../../data/cart.ts'
import { announce, toast } from '../../parts/announce.ts'
import { openDrawer } from '../../parts/drawer-state.ts'
import { useText } from '../../parts/use-text.ts'

type Wish = { sku: Sku; quantity: number; name: string }
type Adding = { pending: boolean; error: unknown }

/** From this width on there is room for the drawer beside the page. */
const wide = '(min-width: 1024px)'

/** Puts a SKU into the bag and says so; on wide screens the bag opens beside the page. */
export const useAddToBag = (): [(wish: Wish) => Promise<void>, Adding] => {
  const { t } = useText()
  const [state, setState] = useState<Adding>({ pending: false, error: undefined })
  const add = async ({ sku, quantity, name }: Wish) => {
    setState({ pending: true, error: undefined })
    try {
      const cart = await addToBag(sku.id, quantity)
      setState({ pending: false, error: undefined })
      const sentence = t('buy.added', { name, count: cart.count })
      if (matchMedia(wide).matches) {
        announce(sentence)
        openDrawer()
      } else toast(sentence)
    } catch (error) {
      setState({ pending: false, error })
    }
  }
  return [add, state]
}
