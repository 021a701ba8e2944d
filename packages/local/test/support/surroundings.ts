import type { CallGuard } from "../../src/server/call-guard.ts";
import { CallMonitor } from "../../src/server/monitor/call-monitor.ts";

/** What the sides of a server need of it; here they are alone, and let everything pass. */
export function surroundings(guard: CallGuard = () => undefined) {
  return { guard, monitor: new CallMonitor(), metrics: undefined };
}
