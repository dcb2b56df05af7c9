import { createFileRoute } from '@tanstack/react-router'
import { parseNext } from '../data/next-path.ts'
import { AuthScreen } from '../features/auth/screen.tsx'

export const Route = createFileRoute('/register')({
  validateSearch: parseNext,
  component: () => <AuthScreen kind="register" next={Route.useSearch().next} />,
})
