import type { CartLine } from '@souk/contract/cart'
import { putBack, removeLine, selectLine, setQuantity } from '../../data/cart.ts'
import { announce, toast } from '../../parts/announce.ts'
import { useProblemText } from '../../parts/problem.tsx'
import { useText } from '../../parts/use-text.ts'

/** What can be done with a line of the bag; refusals are said, and the bag is loaded again. */
export const useBagLine = ({ skuId, quantity, selected, product }: CartLine) => {
  const { t } = useText()
  const textOf = useProblemText()
  const name = product?.name ?? ''
  const said = (work: Promise<void>) => work.catch((error: unknown) => toast(textOf(error)))
  return {
    change: (next: number) => setQuantity(skuId, next),
    select: (next: boolean) => void said(selectLine(skuId, next)),
    remove: () => {
      void said(
        removeLine(skuId).then(() =>
          toast(t('bag.removed', { name }), {
            label: t('bag.undo'),
            run: () => void said(putBack(skuId, quantity, selected).then(() => announce(t('bag.putBack', { name })))),
          }),
        ),
      )
    },
  }
}
