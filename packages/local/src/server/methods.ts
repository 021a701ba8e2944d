import type { MethodDescriptor } from "@vectron/core";
import { vectronService } from "@vectron/core/wire";

/** A method whose message types do not matter to who passes it on. */
export type AnyMethod = MethodDescriptor<unknown, unknown>;

/** Everything that the server serves, whatever carries it. */
export const METHODS: readonly AnyMethod[] = Object.values(vectronService);
