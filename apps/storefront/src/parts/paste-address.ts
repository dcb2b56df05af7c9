import type { Regions } from './regions.ts'

export type PastedAddress = {
  recipient: string
  phone: string
  province: string
  city: string
  district: string
  line1: string
}

/** Endings that people leave out: 广东 for 广东省, 深圳 for 深圳市. */
const endings = /(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|省|市|区|县|盟)$/

type Found = { name: string; rest: string }

/** The one of these names that the text begins with, in full or short. */
const begin = (text: string, names: readonly string[]): Found | undefined => {
  const forms = names.flatMap((name) => {
    const short = name.replace(endings, '')
    return short.length >= 2 && short !== name
      ? [[name, name] as const, [short, name] as const]
      : [[name, name] as const]
  })
  const [form, name] = forms.filter(([one]) => text.startsWith(one)).sort(([a], [b]) => b.length - a.length)[0] ?? [
    '',
    '',
  ]
  return form === '' ? undefined : { name, rest: text.slice(form.length).replace(/^[省市区县\s]/, '') }
}

const mobile = /(?:\+?86[-\s]?)?(1\d{2}[-\s]?\d{4}[-\s]?\d{4})(?!\d)/

/** Splits off the words around the place: what is left of it is the recipient. */
const partsOf = (text: string): string[] => text.split(/[\s,，;；、|]+/).filter(Boolean)

const locate = (text: string, regions: Regions): Omit<PastedAddress, 'recipient' | 'phone'> | undefined => {
  const province = begin(text, regions.provinces)
  if (!province) return undefined
  const cities = regions.cities(province.name)
  // Municipalities such as 上海市 have one city of their own name, which is seldom written twice.
  const city =
    begin(province.rest, cities) ?? (cities.length === 1 ? { name: cities[0] ?? '', rest: province.rest } : undefined)
  if (!city) return { province: province.name, city: '', district: '', line1: province.rest.trim() }
  const district = begin(city.rest, regions.districts(province.name, city.name))
  return {
    province: province.name,
    city: city.name,
    district: district?.name ?? '',
    line1: (district?.rest ?? city.rest).trim(),
  }
}

/**
 * Reads an address pasted as one line, such as "张三 13800138000 广东省深圳市南山区科技园路1号". Undefined when it names no
 * province; what it does not say stays empty.
 */
export const readPastedAddress = (pasted: string, regions: Regions): PastedAddress | undefined => {
  const phone = mobile.exec(pasted)
  const parts = partsOf(pasted.replace(mobile, ' '))
  const start = parts.findIndex((part) => begin(part, regions.provinces))
  if (start < 0) return undefined
  const isName = (part: string) => /^[\p{Script=Han}·]{2,6}$/u.test(part) && !/[路街道号室楼栋]/.test(part)
  const named = parts.findIndex(
    (part, place) => place !== start && isName(part) && (place < start || place === parts.length - 1),
  )
  const place = locate(parts.filter((_, at) => at >= start && at !== named).join(' '), regions)
  return place && { recipient: parts[named] ?? '', phone: phone?.[1]?.replace(/[-\s]/g, '') ?? '', ...place }
}
