import { LightAbort } from "../runtime/light-abort.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { AbortSignalLike } from "../runtime/web-globals.ts";

/** One copy of a request. */
export interface Copy {
  readonly hedge: boolean;
  /** Aborted when the other copy has won, or the call has ended. */
  readonly signal: AbortSignalLike;
}

/** What `raceWithHedge` needs of a call. */
export interface HedgeRace<T> {
  readonly runtime: Runtime;
  readonly delayMs: number;
  /** The call's own signal. */
  readonly signal: AbortSignalLike;
  /** Asked when the delay is over: whether a second copy may be sent. */
  mayHedge(): boolean;
  /** Asked of a failure while the other copy runs: whether that copy has a chance. */
  mayPass(failure: unknown): boolean;
  send(copy: Copy): Promise<T>;
}

/**
 * Sends a request and, if no answer has come after the delay, a second copy. A
 * success, or a failure that the other copy would meet too, settles the race at
 * once; other failures wait for the other copy. The loser is cancelled.
 */
export function raceWithHedge<T>(race: HedgeRace<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const running = new Set<LightAbort>();

    const settle = (finish: () => void) => {
      timer.cancel();
      race.signal.removeEventListener("abort", stop);
      finish();
      for (const loser of running) loser.abort();
      running.clear();
    };
    const stop = () => settle(() => {});
    const launch = (hedge: boolean) => {
      const controller = new LightAbort();
      running.add(controller);
      race.send({ hedge, signal: controller.signal }).then(
        (result) => {
          if (running.delete(controller)) settle(() => resolve(result));
        },
        (failure) => {
          if (!running.delete(controller)) return;
          if (running.size === 0 || !race.mayPass(failure)) settle(() => reject(failure));
        },
      );
    };

    const timer = race.runtime.setTimer(() => {
      if (race.mayHedge()) launch(true);
    }, race.delayMs);
    race.signal.addEventListener("abort", stop, { once: true });
    launch(false);
  });
}
