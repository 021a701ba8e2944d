import type { OpenFailure, Recover } from "../../call/recovery.ts";
import type { GetCollectionStatusResponse } from "../../gen/vectron/v1/messages.ts";
import { vectronService } from "../../gen/vectron/v1/methods.ts";
import { TransportFailure } from "../../transport/transport-failure.ts";

/** What a look at a collection finds; undefined: it could not be told. */
export type Sight = GetCollectionStatusResponse | "missing" | undefined;

/** Settles a search whose gateway had no routing: the collection may not exist. */
export function recoverRouting<O>(collection: string): Recover<O> {
  return async (failure) => {
    if (failure.diagnosis.condition !== "routing-unknown") return { kind: "unknown" };
    const seen = await look(failure, collection);
    if (seen !== "missing") return { kind: "unknown" };
    return {
      kind: "failed",
      diagnosis: { code: "NOT_FOUND", message: `collection '${collection}' not found` },
    };
  };
}

/** Looks whether a collection is there. */
export async function look(failure: OpenFailure, name: string): Promise<Sight> {
  try {
    return await failure.ask(vectronService.getCollectionStatus, { name });
  } catch (error) {
    return error instanceof TransportFailure && error.code === "NOT_FOUND" ? "missing" : undefined;
  }
}
