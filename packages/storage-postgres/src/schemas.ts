// For packages that keep tables of their own beside the books, and bring them up to date in the same way.

export { checkStillOurs, type Migration, migrate, type Schema } from './migrate.js';
export { booksSchema } from './schema.js';
