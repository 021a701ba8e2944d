import type { RetryOptions } from "../../src/index.ts";
import type { ScriptedTransport } from "../../src/testing/index.ts";

/** When each attempt began. */
export const starts = ({ calls }: ScriptedTransport) => calls.map(({ startedAtMs }) => startedAtMs);

export const NO_JITTER: RetryOptions = { jitter: 0 };
