import type { Product, Sku } from '@souk/contract/catalog'
import { ProblemNotice } from '@souk/ui'
import { useNavigate } from '@tanstack/react-router'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { useProblemText } from '../../parts/problem.tsx'
import { Stepper } from '../../parts/stepper.tsx'
import { useOnline } from '../../parts/use-online.ts'
import { useText } from '../../parts/use-text.ts'
import { useAddToBag } from './use-add.ts'

type BuyBoxProps = { product: Product; sku: Sku; selection: readonly string[] }

/** Whether an element has left the screen. */
const useGone = (element: RefObject<HTMLElement | null>): boolean => {
  const [gone, setGone] = useState(false)
  useEffect(() => {
    if (!element.current) return undefined
    const observer = new IntersectionObserver(([entry]) => setGone(entry !== undefined && !entry.isIntersecting))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return gone
}

/** On phones the button follows once it has scrolled out of sight. */
const StickyBar = ({
  name,
  text,
  disabled,
  onAdd,
}: {
  name: string
  text: string
  disabled: boolean
  onAdd: () => void
}) => (
  <div className="fixed inset-x-0 bottom-[calc(56px+env(safe-area-inset-bottom))] z-20 flex animate-[from-below_200ms_var(--ease)] items-center gap-3 border-t border-line bg-canvas px-4 py-2.5 md:hidden">
    <span className="min-w-0 flex-1 truncate text-small font-medium">{name}</span>
    <Button disabled={disabled} onClick={onAdd}>
      {text}
    </Button>
  </div>
)

const Stock = ({ sku }: { sku: Sku }) => {
  const { t } = useText()
  if (sku.availability === 'OUT_OF_STOCK') return <p className="text-ink-2">{t('stock.soldOut')}</p>
  if (sku.availability === 'LOW') return <p className="font-medium text-warn">{t('stock.low')}</p>
  return <p className="text-ok">{t('stock.in')}</p>
}

/** Skips the bag. */
const BuyNow = ({ sku, quantity, disabled }: { sku: Sku; quantity: number; disabled: boolean }) => {
  const { t } = useText()
  const navigate = useNavigate()
  const go = () => void navigate({ to: '/checkout', search: { sku: sku.id, quantity } })
  return (
    <Button look="line" size="large" wide disabled={disabled} onClick={go}>
      {t('buy.now')}
    </Button>
  )
}

export const BuyBox = ({ product, sku, selection }: BuyBoxProps) => {
  const { t, money } = useText()
  const online = useOnline()
  const textOf = useProblemText()
  const [quantity, setQuantity] = useState(1)
  const [add, state] = useAddToBag()
  const button = useRef<HTMLButtonElement>(null)
  const gone = useGone(button)
  const soldOut = sku.availability === 'OUT_OF_STOCK'
  const text = (): string => {
    if (soldOut) return t('buy.soldOut')
    if (quantity > 1) return t('buy.addMany', { count: quantity })
    return t('buy.add', { price: sku.price ? money(sku.price) : '' })
  }
  const press = () => void add({ sku, quantity, name: [product.name, ...selection].join(', ') })
  const stopped = soldOut || !online
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-3">
        {!soldOut && <Stepper value={quantity} onChange={setQuantity} label={t('buy.quantity')} />}
        <Stock sku={sku} />
      </div>
      <Button
        ref={button}
        size="large"
        wide
        data-testid="add-to-bag"
        disabled={stopped}
        busy={state.pending}
        onClick={press}
      >
        {text()}
      </Button>
      {!soldOut && <BuyNow sku={sku} quantity={quantity} disabled={!online} />}
      {!online && <p className="text-small text-warn">{t('offline.buying')}</p>}
      {state.error !== undefined && <ProblemNotice title={t('buy.refused')}>{textOf(state.error)}</ProblemNotice>}
      {gone && <StickyBar name={product.name} text={text()} disabled={stopped} onAdd={press} />}
    </div>
  )
}
