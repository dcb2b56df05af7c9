import type { ListMethodsAnswer, ListMethodsRequest } from '@souk/contract/payment'
import type { Call, Locale } from '@souk/platform'
import type { Deps } from '../deps.ts'

const switchedOff: Record<Locale, string> = { en: 'Not available at the moment.', 'zh-CN': '暂时不可用。' }

export const listMethods =
  ({ channels, offered }: Deps) =>
  async (_: ListMethodsRequest, { locale }: Call): Promise<ListMethodsAnswer> => ({
    methods: [...channels.values()].map(({ id, name }) => {
      const available = offered.has(id)
      return { id, name: name[locale], available, reason: available ? '' : switchedOff[locale] }
    }),
  })
