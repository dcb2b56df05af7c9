import type { AddressInput } from '@souk/contract/identity'
import { useEffect, useState } from 'react'
import { Field, SelectField } from './field.tsx'
import { loadRegions, type Regions } from './regions.ts'
import { useText } from './use-text.ts'

type Region = 'province' | 'city' | 'district'

type RegionFieldsProps = {
  value: Pick<AddressInput, 'country' | Region>
  wrong: ReadonlyMap<string, string>
  onChange: (part: Partial<Record<Region, string>>) => void
}

const levels: Record<Region, string> = {
  province: 'address-level1',
  city: 'address-level2',
  district: 'address-level3',
}

const useRegions = (wanted: boolean): Regions | undefined => {
  const [regions, setRegions] = useState<Regions>()
  useEffect(() => {
    // Without the lists the fields stay free text, which the server takes as well.
    if (wanted) loadRegions().then(setRegions, () => undefined)
  }, [wanted])
  return wanted ? regions : undefined
}

const TextRegion = ({ name, value, wrong, onChange }: RegionFieldsProps & { name: Region }) => {
  const { t } = useText()
  return (
    <Field
      name={name}
      label={t(`address.${name}`)}
      value={value[name]}
      error={wrong.get(name)}
      autoComplete={levels[name]}
      maxLength={80}
      onChange={(event) => onChange({ [name]: event.target.value })}
    />
  )
}

const ListRegion = ({
  name,
  names,
  cleared,
  ...props
}: RegionFieldsProps & { name: Region; names: readonly string[]; cleared: Partial<Record<Region, string>> }) => {
  const { t } = useText()
  const { value, wrong, onChange } = props
  const chosen = value[name]
  const offered = chosen === '' || names.includes(chosen) ? names : [chosen, ...names]
  return (
    <SelectField
      name={name}
      label={t(`address.${name}`)}
      value={chosen}
      error={wrong.get(name)}
      autoComplete={levels[name]}
      lang="zh"
      required
      disabled={offered.length === 0}
      onChange={(event) => onChange({ [name]: event.target.value, ...cleared })}
    >
      <option value="">{t('address.choose')}</option>
      {offered.map((one) => (
        <option key={one}>{one}</option>
      ))}
    </SelectField>
  )
}

/** Province, city and district: lists that follow each other in China, free text elsewhere. */
export const RegionFields = (props: RegionFieldsProps) => {
  const { value } = props
  const regions = useRegions(value.country === 'CN')
  if (!regions)
    return (
      <>
        <TextRegion name="province" {...props} />
        <TextRegion name="city" {...props} />
        <TextRegion name="district" {...props} />
      </>
    )
  return (
    <>
      <ListRegion name="province" names={regions.provinces} cleared={{ city: '', district: '' }} {...props} />
      <ListRegion name="city" names={regions.cities(value.province)} cleared={{ district: '' }} {...props} />
      <ListRegion name="district" names={regions.districts(value.province, value.city)} cleared={{}} {...props} />
    </>
  )
}
