import { formatMoney, majorUnits, minorUnits } from '@souk/ui'
import { useNavigate } from '@tanstack/react-router'
import { ChevronDown, X } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { type BrowseSearch, sorts } from '../../data/browse-search.ts'
import { Button } from '../../parts/button.tsx'
import { useText } from '../../parts/use-text.ts'

type FiltersProps = {
  search: BrowseSearch
  /** Of the goods shown; undefined while there are none. */
  currency: string | undefined
}

/** Changes the address of this list; each gesture is one step of the browser's history. */
const useRefine = () => {
  const navigate = useNavigate()
  return (search: BrowseSearch, part: Partial<BrowseSearch>) =>
    void navigate({ to: '.', search: { ...search, ...part }, resetScroll: false })
}

const pill =
  'inline-flex min-h-11 items-center gap-2 rounded-full border border-line-strong px-4 text-[15px] font-medium hover:bg-surface'

const PriceForm = ({ search, currency = 'CNY', onDone }: FiltersProps & { onDone: () => void }) => {
  const { t } = useText()
  const refine = useRefine()
  const typed = (amount: number | undefined) => (amount === undefined ? '' : majorUnits(amount, currency))
  const apply = (form: FormData) => {
    const sum = (name: string) => minorUnits(String(form.get(name)), currency)
    refine(search, { min: sum('min'), max: sum('max') })
    onDone()
  }
  return (
    <form
      className="grid grid-cols-2 gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        apply(new FormData(event.currentTarget))
      }}
    >
      {(['min', 'max'] as const).map((name) => (
        <label key={name} className="text-small font-medium">
          {t(`browse.${name}`)}
          <input
            name={name}
            inputMode="decimal"
            defaultValue={typed(search[name])}
            className="field mt-1.5 font-normal"
          />
        </label>
      ))}
      <Button type="submit" size="small" className="col-span-2">
        {t('browse.apply')}
      </Button>
    </form>
  )
}

const PriceFilter = (props: FiltersProps) => {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={pill}>
        {t('browse.price')}
        <ChevronDown size={16} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={8}
          className="z-50 w-72 animate-[appear_120ms] rounded-2xl border border-line bg-raised p-4 shadow-menu"
        >
          <PriceForm {...props} onDone={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

const Chips = ({ search, currency = 'CNY' }: FiltersProps) => {
  const { t, locale } = useText()
  const refine = useRefine()
  const sum = (amount: number) => formatMoney({ currency, amount }, locale, { bare: true })
  const chips = (['min', 'max'] as const).flatMap((name) => {
    const amount = search[name]
    return amount === undefined ? [] : [{ name, text: t(`browse.chip.${name}`, { price: sum(amount) }) }]
  })
  return chips.map(({ name, text }) => (
    <button
      key={name}
      type="button"
      className="inline-flex min-h-11 items-center gap-1.5 rounded-full bg-sunken px-4 text-[15px]"
      onClick={() => refine(search, { [name]: undefined })}
      aria-label={t('browse.remove', { filter: text })}
    >
      {text}
      <X size={16} aria-hidden />
    </button>
  ))
}

/** Order and price of a list; both live in the address. */
export const Filters = ({ search, currency }: FiltersProps) => {
  const { t } = useText()
  const refine = useRefine()
  return (
    <div className="flex flex-wrap items-center gap-2">
      <label className="relative">
        <span className="sr-only">{t('browse.sort')}</span>
        <select
          className={`${pill} select-arrow bg-canvas`}
          value={search.sort ?? 'newest'}
          onChange={(event) => refine(search, { sort: event.target.value as BrowseSearch['sort'] })}
        >
          {sorts.map((sort) => (
            <option key={sort} value={sort}>
              {t(`sort.${sort}`)}
            </option>
          ))}
        </select>
      </label>
      <PriceFilter search={search} currency={currency} />
      <Chips search={search} currency={currency} />
    </div>
  )
}
