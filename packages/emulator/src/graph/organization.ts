import { writeDate } from './dates.ts'
import type { Operation } from './operation.ts'
import { permission } from './permission.ts'
import { page } from './query.ts'

/** The tenant itself: what clients read to learn its name and domains. */
export const organizationOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: 'organization',
    answer(request) {
      const { caller } = request
      permission.toRead(caller)
      const { id, displayName, domains, createdAt } = caller.tenant
      const verifiedDomains = domains.map((name, index) => ({
        capabilities: 'None',
        isDefault: index === 0,
        isInitial: name.endsWith('.onmicrosoft.com'),
        name,
        type: 'Managed',
      }))
      const shown = {
        id,
        displayName,
        createdDateTime: writeDate(createdAt),
        tenantType: 'AAD',
        verifiedDomains,
      }
      return { status: 200, body: page([shown], request, 'organization', 'organization') }
    },
  },
]
