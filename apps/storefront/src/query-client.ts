import { isUnsure } from '@souk/ui'
import { QueryClient } from '@tanstack/react-query'

const retries = 2

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Reads are repeated when nobody knows what became of them, never after a refusal.
      retry: (failures, error) => failures < retries && isUnsure(error),
      retryDelay: (attempt) => 400 * 2 ** attempt * (0.75 + Math.random() / 2),
      networkMode: 'always',
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})
