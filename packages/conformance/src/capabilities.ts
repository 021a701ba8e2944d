/**
 * What a combination of transport and server may or may not offer by design. A
 * case names those that it needs and is skipped where one is missing. What is
 * merely broken is no capability: it is a known gap.
 */
export const CAPABILITIES = {
  streaming: "searchStream works",
  "streaming-refused": "searchStream rejects with UnimplementedError",
  remote: "calls cross a socket, so that none ends within the turn of the event loop that began it",
  unreachable: "the target can make a client of an address where nothing listens",
  auth: "calls without the right key are refused",
  "stream-auth": "streams without the right key are refused too",
  "shared-tokens": "calls may wait for a token that another call asked for (not so in edge workers)",
  profile: "the key belongs to an account whose profile may be changed",
  "any-id": "ids and collection names may hold '/' and may be '.' or '..'",
  "shared-server": "clients that are made apart see the same data (an engine in memory is its client's own)",
  "strong-reads": "a search sees every write that was acknowledged before it",
  "complete-search":
    "a search looks at every shard (a stock server does with search fan-out, or with one shard)",
  "exact-ties": "of points at the same distance, those with the smallest ids are returned",
  "exact-cosine": "cosine scores are exact, not quantised",
  "exact-dot": "dot is the negated inner product, not squared L2",
  "unbounded-top-k": "a search can return more than 100 points",
  reinsert: "a point that was deleted and written again is found by searches",
  "rate-limit": "a second call within a second is refused",
  "small-messages": "the server refuses requests of more than 64 KiB",
  "message-limit": "a request of more than 256 MiB is refused before it is sent",
} as const;

/** The name of a capability. */
export type Capability = keyof typeof CAPABILITIES;

/** What every engine of this repository offers. */
export const ENGINE_CAPABILITIES: readonly Capability[] = [
  "profile",
  "strong-reads",
  "complete-search",
  "exact-ties",
  "exact-cosine",
  "exact-dot",
  "unbounded-top-k",
  "reinsert",
];
