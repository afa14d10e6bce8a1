/** Where class-transformer keeps what `@Type()` says; it ships the types of this module beside it. */
declare module 'class-transformer/cjs/storage.js' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage.js';
}
