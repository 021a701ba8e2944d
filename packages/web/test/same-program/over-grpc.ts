import { NotFoundError } from "@vectron/node";
import { program } from "./program.ts";

program({ host: "localhost:8081" });
// @ts-expect-error: an option of the other package
program({ baseUrl: "https://vectors.example.com" });

/** The packages share their classes. */
export const shared: typeof import("../../src/index.ts").NotFoundError = NotFoundError;
