import { useLingui } from '@lingui/react'
import type { Money } from '@souk/contract/common'
import { formatMoment, formatMoney, formatNear, type Locale, localeOf } from '@souk/ui'
import { serverNow } from '../session/connection.ts'

type Values = Record<string, unknown>

/** The reader's words, sums and times. */
export const useText = () => {
  const { i18n } = useLingui()
  const locale: Locale = localeOf(i18n.locale)
  return {
    locale,
    t: (id: string, values?: Values): string => i18n._(id, values),
    /** As in orders and totals: with its fraction. */
    exact: (money: Money): string => formatMoney(money, locale),
    /** As in cards and buttons. */
    money: (money: Money): string => formatMoney(money, locale, { bare: true }),
    moment: (iso: string): string => formatMoment(iso, locale),
    near: (iso: string): string => formatNear(iso, locale, serverNow()),
  }
}
