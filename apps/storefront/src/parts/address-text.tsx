import type { Address } from '@souk/contract/identity'
import { useText } from './use-text.ts'

type AddressLike = Omit<Address, 'id' | 'isDefault'>

const countryName = (code: string, locale: string): string =>
  new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code

/** Lines of an address in the order its country writes them: China from large to small. */
const addressLines = (address: AddressLike, locale: string): string[] => {
  const { country, province, city, district, line1, line2, postalCode } = address
  const street = [line1, line2].filter(Boolean).join(' ')
  const region =
    country === 'CN'
      ? [...new Set([province, city, district])].filter(Boolean).join(' ')
      : [district, city, province, postalCode].filter(Boolean).join(', ')
  const lines = country === 'CN' ? [region, street] : [street, region]
  return [...lines, countryName(country, locale)].filter(Boolean)
}

export const AddressText = ({ address }: { address: AddressLike }) => {
  const { locale } = useText()
  return (
    <span className="min-w-0 [overflow-wrap:anywhere]">
      <span className="block font-medium">
        {address.recipient} <span className="ml-1 font-normal text-ink-2 tabular-nums">{address.phone}</span>
      </span>
      {addressLines(address, locale).map((line) => (
        <span key={line} className="block text-small text-ink-2">
          {line}
        </span>
      ))}
    </span>
  )
}
