import { type Channel, connectivityState } from "@grpc/grpc-js";

/** One channel of a pool, on loan to a call. */
export interface ChannelLease {
  readonly channel: Channel;
  /** Gives the channel back. Call it once, when the call has ended. */
  release(): void;
  /**
   * To be told of a call that failed: a channel that could not connect is closed,
   * and the next call opens another. Until its own back-off is over it would fail
   * every call unsent, the retries among them, which have a back-off already.
   */
  failed(): void;
}

interface Slot {
  channel: Channel | undefined;
  callsInFlight: number;
}

/**
 * A fixed number of channels, each opened when it is first needed. A call goes
 * to the one with the fewest calls in flight; where that is even, in turn, so
 * that a channel whose connection is down does not draw every call.
 */
export class ChannelPool {
  readonly #open: () => Channel;
  readonly #slots: readonly Slot[];
  #next = 0;

  constructor(size: number, open: () => Channel) {
    this.#open = open;
    this.#slots = Array.from({ length: size }, () => ({ channel: undefined, callsInFlight: 0 }));
  }

  acquire(): ChannelLease {
    const slot = this.#leastBusy();
    slot.channel ??= this.#open();
    slot.callsInFlight += 1;
    const { channel } = slot;
    return {
      channel,
      release: () => {
        slot.callsInFlight -= 1;
      },
      failed: () => {
        if (slot.channel !== channel || !isDown(channel)) return;
        slot.channel = undefined;
        channel.close();
      },
    };
  }

  /** Closes every channel that was opened. */
  close(): void {
    for (const slot of this.#slots) slot.channel?.close();
  }

  #leastBusy(): Slot {
    const first = this.#next;
    const size = this.#slots.length;
    this.#next = (first + 1) % size;
    let best = this.#slots[first] as Slot;
    for (let step = 1; step < size; step++) {
      const slot = this.#slots[(first + step) % size] as Slot;
      if (slot.callsInFlight < best.callsInFlight) best = slot;
    }
    return best;
  }
}

function isDown(channel: Channel): boolean {
  return channel.getConnectivityState(false) === connectivityState.TRANSIENT_FAILURE;
}
