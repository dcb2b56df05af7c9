import type { Media as Picture, ProductOption } from '@souk/contract/catalog'
import { Media, pictureOf, Stage } from '@souk/ui'
import { cx } from '../../parts/cx.ts'
import { useText } from '../../parts/use-text.ts'
import { type OptionMatrix, type Selection, skuAt, stateOf, type ValueState } from './option-matrix.ts'

type PickerProps = {
  matrix: OptionMatrix
  selection: Selection
  hue: number
  media: readonly Picture[]
  onChoose: (option: number, value: string) => void
}

type TileProps = {
  option: ProductOption
  value: string
  state: ValueState
  checked: boolean
  onChoose: () => void
}

const looks: Record<ValueState, string> = {
  available: 'border-line-strong',
  'sold-out': 'border-dashed border-line-strong text-ink-3',
  missing: 'border-line text-ink-3',
}

/** The radio itself; what it looks like stands beside it. */
const Radio = ({ option, value, state, checked, onChoose }: TileProps) => {
  const { t } = useText()
  return (
    <input
      type="radio"
      name={`option-${option.name}`}
      value={value}
      checked={checked}
      onChange={onChoose}
      className="cover-radio"
      data-testid={`option-${option.name}-${value}`}
      aria-label={state === 'sold-out' ? t('option.soldOut', { value }) : value}
    />
  )
}

const tile =
  'relative grid min-h-11 min-w-12 place-items-center border rounded-tile px-3.5 text-[15px] font-medium has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ink'

const TextTile = (props: TileProps) => (
  <label
    className={cx(
      tile,
      looks[props.state],
      props.checked && 'border-ink border-solid text-ink ring-1 ring-ink',
      'hover:border-ink',
    )}
  >
    <Radio {...props} />
    <span className={props.state === 'sold-out' ? 'line-through decoration-1' : undefined}>{props.value}</span>
  </label>
)

const PictureTile = ({ hue, picture, ...props }: TileProps & { hue: number; picture: Picture }) => (
  <label
    className={cx(
      'relative block size-16 overflow-hidden rounded-tile ring-ink ring-offset-2 ring-offset-canvas has-focus-visible:outline-2 has-focus-visible:outline-offset-4 has-focus-visible:outline-ink',
      props.checked ? 'ring-2' : 'hover:ring-1',
      props.state !== 'available' && 'opacity-55',
    )}
    title={props.value}
  >
    <Radio {...props} />
    <Stage hue={hue} className="size-full">
      <Media picture={picture} alt="" share="76%" sizes="64px" />
    </Stage>
    {props.state === 'sold-out' && (
      <span
        aria-hidden
        className="absolute inset-0 bg-[linear-gradient(to_top_right,transparent_49%,var(--ink-3)_49.5%,var(--ink-3)_50.5%,transparent_51%)]"
      />
    )}
  </label>
)

/** The picture that a value stands for, when the values of this option differ in their pictures. */
const picturesOf = ({ matrix, selection, media }: PickerProps, place: number): Map<string, Picture> => {
  const option = matrix.options[place]
  const found = new Map<string, Picture>()
  if (!option?.colours.some(Boolean)) return found
  for (const value of option.values) {
    const exact = skuAt(
      matrix,
      selection.map((old, at) => (at === place ? value : old)),
    )
    const sku = exact ?? matrix.skus.find(({ options }) => options[option.name] === value)
    const picture = sku && pictureOf(sku.image, media)
    if (picture) found.set(value, picture)
  }
  return new Set([...found.values()].map(({ url }) => url)).size > 1 ? found : new Map()
}

/** One radio group per option; sold-out values can still be looked at. */
export const OptionPicker = (props: PickerProps) => {
  const { matrix, selection, hue, onChoose } = props
  return matrix.options.map((option, place) => {
    const pictures = picturesOf(props, place)
    const chosen = selection[place]
    return (
      <fieldset key={option.name}>
        <legend className="mb-2.5 text-small">
          <span className="font-medium">{option.name}</span> <span className="text-ink-2">{chosen}</span>
        </legend>
        <div className="flex flex-wrap gap-2.5">
          {option.values.map((value) => {
            const picture = pictures.get(value)
            const radio = {
              option,
              value,
              state: stateOf(matrix, selection, place, value),
              checked: value === chosen,
              onChoose: () => onChoose(place, value),
            }
            return picture ? (
              <PictureTile key={value} {...radio} hue={hue} picture={picture} />
            ) : (
              <TextTile key={value} {...radio} />
            )
          })}
        </div>
      </fieldset>
    )
  })
}
