const MAX_TOKENS = 10;
const TOKENS_PER_SUCCESS = 0.1;

/**
 * Keeps a client from multiplying an outage: gRPC's retry throttling
 * (https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs).
 * Each failure costs one of ten tokens, each success earns a tenth of one back,
 * and at half the tokens or fewer nothing is retried or hedged.
 */
export class RetryBudget {
  #tokens = MAX_TOKENS;

  /** Whether retries and hedges are off for now. */
  get exhausted(): boolean {
    return this.#tokens <= MAX_TOKENS / 2;
  }

  succeeded(): void {
    this.#tokens = Math.min(MAX_TOKENS, this.#tokens + TOKENS_PER_SUCCESS);
  }

  failed(): void {
    this.#tokens = Math.max(0, this.#tokens - 1);
  }
}
