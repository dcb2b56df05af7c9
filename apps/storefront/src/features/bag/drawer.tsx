import { useQuery } from '@tanstack/react-query'
import { cartQuery } from '../../data/cart.ts'
import { ButtonLink } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { closeDrawer } from '../../parts/drawer-state.ts'
import { LinePicture } from '../../parts/line-picture.tsx'
import { optionsText } from '../../parts/options-text.ts'
import { useText } from '../../parts/use-text.ts'

/** The bag at a glance, beside the page. */
const BagDrawer = () => {
  const { t, locale, money, exact } = useText()
  const { data } = useQuery(cartQuery(locale))
  return (
    <Dialog open onClose={closeDrawer} title={t('drawer.title', { count: data?.count ?? 0 })} place="side">
      <ul className="-mx-1 flex-1 divide-y divide-line overflow-y-auto px-1">
        {data?.lines.map(({ skuId, product, quantity, unitPrice }) => (
          <li key={skuId} className="flex gap-4 py-4">
            <LinePicture image={product?.image ?? ''} className="size-18" />
            <div className="min-w-0 flex-1">
              <p className="font-medium">{product?.name}</p>
              <p className="text-small text-ink-2">{optionsText(product?.options)}</p>
              <p className="text-small text-ink-2 tabular-nums">
                {unitPrice && t('drawer.line', { count: quantity, price: money(unitPrice) })}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <div className="sticky bottom-0 mt-2 space-y-3 border-t border-line bg-raised pt-4">
        <p className="flex items-baseline justify-between">
          <span className="font-semibold">{t('totals.subtotal')}</span>
          <span className="text-price-card">{data?.subtotal && exact(data.subtotal)}</span>
        </p>
        <ButtonLink to="/bag" size="large" wide onClick={closeDrawer}>
          {t('drawer.toBag')}
        </ButtonLink>
      </div>
    </Dialog>
  )
}

export default BagDrawer
