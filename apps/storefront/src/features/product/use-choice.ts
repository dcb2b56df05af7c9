import type { Product, Sku } from '@souk/contract/catalog'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { announce } from '../../parts/announce.ts'
import { useText } from '../../parts/use-text.ts'
import { buildMatrix, choose, type OptionMatrix, openingSku, type Selection, selectionOf } from './option-matrix.ts'

type ProductChoice = {
  matrix: OptionMatrix
  sku: Sku | undefined
  selection: Selection
  onChoose: (option: number, value: string) => void
}

/** The code on screen: it changes at once, the address follows. */
const useCode = (addressed: string | undefined) => {
  const [code, setCode] = useState(addressed)
  const own = useRef(new Set<string>())
  useEffect(() => {
    // What comes back from our own choice is not news; a link or the browser's history is.
    if (addressed !== undefined && own.current.delete(addressed)) return
    setCode(addressed)
  }, [addressed])
  const take = (next: string) => {
    own.current.add(next)
    setCode(next)
  }
  return [code, take] as const
}

/** The chosen SKU, kept in the address, so that a link shows exactly what its sender saw. */
export const useChoice = ({ options, skus }: Product, addressed: string | undefined): ProductChoice => {
  const { t } = useText()
  const navigate = useNavigate()
  const matrix = useMemo(() => buildMatrix(options, skus), [options, skus])
  const [code, take] = useCode(addressed)
  const sku = openingSku(matrix, code)
  const selection = useMemo(() => (sku ? selectionOf(options, sku) : []), [options, sku])
  const onChoose = (option: number, value: string) => {
    const choice = choose(matrix, selection, option, value)
    if (!choice) return
    if (choice.moved.length > 0) announce(t('option.moved', { options: selectionOf(options, choice.sku).join(', ') }))
    take(choice.sku.code)
    void navigate({
      to: '.',
      search: { sku: choice.sku.code },
      replace: true,
      resetScroll: false,
      viewTransition: false,
    })
  }
  return { matrix, sku, selection, onChoose }
}
