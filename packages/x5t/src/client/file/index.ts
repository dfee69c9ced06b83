export { createFileStore, type FileStoreOptions } from '../../cache/file/file-store.ts'
export { type PeekOptions, peekToken } from '../peek-token.ts'
