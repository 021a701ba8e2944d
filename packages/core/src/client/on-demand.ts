import { importProvidedToken } from "../auth/on-demand-tokens.ts";

// Operations that pages rarely need: each of these is a piece of its own in a
// bundle, loaded by the first call that takes it. What runs on every page (search,
// reading and writing points) and what handles failures is never among them.

export const importAccount = () => import("./operations/account.ts");
export const importBulk = () => import("../bulk/bulk-upsert.ts");
export const importCollections = () => import("./operations/collections.ts");
export const importMany = () => import("./operations/many.ts");

/** Loads them, and whatever else this package loads on demand: for what cannot let a call wait for its code. */
export async function importAll(): Promise<void> {
  await Promise.all([
    importAccount(),
    importBulk(),
    importCollections(),
    importMany(),
    importProvidedToken(),
    import("../data/schema-codec.ts"),
    import("../gen/vectron/v1/size.ts"),
  ]);
}
