import type { CallGuard } from "../call-guard.ts";
import type { CallMonitor } from "../monitor/call-monitor.ts";
import type { Metrics } from "../monitor/metrics.ts";

/** What the HTTP side needs of the server that it is a side of. */
export interface HttpSurroundings {
  readonly guard: CallGuard;
  readonly monitor: CallMonitor;
  /** Undefined: they are not served. */
  readonly metrics: Metrics | undefined;
}
