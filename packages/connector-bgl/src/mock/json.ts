/** What a body may hold. Tests may put anything anywhere, also what no real firm would send. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
