import { chmod, mkdir, rm } from 'node:fs/promises'
import type { GeneratedCertificate } from 'x5t'
import { changeConfig, settingToKeep, withSettings } from '../config/change-config.ts'
import type { Io } from '../io.ts'
import { blame, writeFiles } from '../write-file.ts'
import type { InitPlan } from './plan.ts'

/**
 * Writes key, certificate and configuration. Where the last cannot be written the first two go again, so that another
 * run begins where this one did.
 */
export async function writePlan(
  plan: InitPlan,
  { privateKeyPem, certificatePem }: GeneratedCertificate,
  force: boolean,
  io: Io,
): Promise<void> {
  const { folder, keyPath, certificatePath } = plan
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(blame(folder))
  // It may have been there, with whatever mode.
  if (io.platform !== 'win32') await chmod(folder, 0o700).catch(blame(folder))
  const files = [
    { path: keyPath, text: privateKeyPem, mode: 0o600 },
    { path: certificatePath, text: certificatePem, mode: 0o644 },
  ] as const
  await writeFiles(files, force)
  try {
    await writeSettings(plan, io)
  } catch (error) {
    if (!force) await Promise.all(files.map(({ path }) => rm(path, { force: true })))
    throw error
  }
}

/** A new profile is in use at once where it is the first. */
async function writeSettings(plan: InitPlan, io: Io): Promise<void> {
  const { target, profile, tenant, clientId, authority, scope, ca, keyPath, certificatePath } = plan
  const keep = (name: 'key' | 'certificate' | 'ca', value: string) => settingToKeep(name, value, target, io)
  await changeConfig(target, (content) => {
    const others = Object.keys(content.profiles ?? {}).filter((name) => name !== profile)
    const used = others.length === 0 && profile !== 'default' ? { profile } : {}
    return withSettings({ ...content, ...used }, profile, {
      tenant,
      clientId,
      certificate: keep('certificate', certificatePath),
      key: keep('key', keyPath),
      authority,
      scope,
      ca: ca === undefined ? undefined : keep('ca', ca.value),
    })
  })
}

export async function writeScope({ target, profile }: InitPlan, scope: string): Promise<void> {
  await changeConfig(target, (content) => withSettings(content, profile, { scope }))
}
