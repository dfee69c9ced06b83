import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { createControl } from '../../src/directory/control.ts'
import { openState } from '../../src/state/state.ts'

const root = mkdtempSync(join(tmpdir(), 'x5t-state-'))
after(() => rmSync(root, { recursive: true, force: true }))

export const seed = { tenants: [{ id: '8c5a3a1e-6c1f-4d0b-9a54-0f6c1d2b7e31', domains: ['contoso.com'] }] }
export const start = Date.parse('2026-09-14T08:12:31Z')
export const open = (folder: string, now = start) => openState({ folder, seed, now: () => now })
export const newFolder = () => mkdtempSync(join(root, 'folder-'))
export const controlOf = ({ directory }: ReturnType<typeof open>) =>
  createControl(directory, seed, () => start)
