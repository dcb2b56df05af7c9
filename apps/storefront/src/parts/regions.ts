/** China's provinces, their cities and districts, as the administrative divisions name them. */
export type Regions = {
  provinces: readonly string[]
  cities: (province: string) => readonly string[]
  districts: (province: string, city: string) => readonly string[]
}

type RegionLists = {
  province_list: Record<string, string>
  city_list: Record<string, string>
  county_list: Record<string, string>
}

const below = (list: Record<string, string>, prefix: string): string[] =>
  prefix === '' ? [] : Object.entries(list).flatMap(([code, name]) => (code.startsWith(prefix) ? [name] : []))

const codeOf = (list: Record<string, string>, name: string, prefix = ''): string =>
  Object.entries(list).find(([code, one]) => one === name && code.startsWith(prefix))?.[0] ?? ''

/** Six-digit codes: two digits name the province, four the city. */
const regionsFrom = ({ province_list, city_list, county_list }: RegionLists): Regions => {
  const provinceOf = (name: string) => codeOf(province_list, name).slice(0, 2)
  return {
    provinces: Object.values(province_list),
    cities: (province) => below(city_list, provinceOf(province)),
    districts: (province, city) => {
      const prefix = provinceOf(province)
      return prefix === '' ? [] : below(county_list, codeOf(city_list, city, prefix).slice(0, 4))
    },
  }
}

/** Loaded when an address in China is being written. */
export const loadRegions = async (): Promise<Regions> => {
  const { areaList } = await import('@vant/area-data')
  return regionsFrom(areaList)
}
