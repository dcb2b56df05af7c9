import { createFileRoute } from '@tanstack/react-router'
import { parseNext } from '../data/next-path.ts'
import { AuthScreen } from '../features/auth/screen.tsx'

export const Route = createFileRoute('/login')({
  validateSearch: parseNext,
  component: () => <AuthScreen kind="login" next={Route.useSearch().next} />,
})
