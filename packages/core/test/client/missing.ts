import { fail, type Step } from "../../src/testing/index.ts";

/** What a server says of a point that it does not have. */
export const missingPoint = (id: string): Step =>
  fail("NOT_FOUND", { message: `vector with id ${id} not found` });

/** What a server says of a collection that it does not have. */
export const MISSING_COLLECTION = fail("NOT_FOUND", { message: "collection 'docs' not found" });
