import { createFileRoute } from '@tanstack/react-router'
import { AccountScreen } from '../features/account/screen.tsx'

export const Route = createFileRoute('/me')({ component: AccountScreen })
