import type { Engine } from "../engine/engine.ts";
import { accountHandlers } from "./account-handlers.ts";
import { collectionHandlers } from "./collection-handlers.ts";
import type { VectronHandlers } from "./handlers.ts";
import { pointHandlers } from "./point-handlers.ts";
import { searchHandlers } from "./search-handlers.ts";

/**
 * The Vectron service on an engine: the checks, codes and messages of a stock
 * server, with the clean code where that has an unfortunate one.
 */
export function vectronHandlers(engine: Engine): VectronHandlers {
  return {
    ...collectionHandlers(engine),
    ...pointHandlers(engine),
    ...searchHandlers(engine),
    ...accountHandlers(),
  };
}
