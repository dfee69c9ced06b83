export type { NewApp } from './directory/app.ts'
export { demo, demoSeed } from './directory/demo.ts'
export type { Seed, SeedApp, SeedTenant } from './directory/seed.ts'
export { type Emulator, type EmulatorOptions, startEmulator } from './start-emulator.ts'
