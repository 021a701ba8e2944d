import type { VectorInput } from "./vector.ts";

/** What a stock server stores beside a vector: strings by name. */
export type Payload = Record<string, string>;

/** How two vectors are compared; lower scores are nearer under each. */
export type Distance = (typeof DISTANCES)[number];

/** The distances, as the server spells them. */
export const DISTANCES = ["cosine", "euclidean", "dot"] as const;

/** A point to be written. */
export interface PointInput<P = Payload> {
  /** Unique within the collection: non-empty, well-formed Unicode. */
  readonly id: string;
  /** As many components as the collection has dimensions; rounded to float32. */
  readonly vector: VectorInput;
  /** Default: empty. Replaces what was stored under the id. */
  readonly payload?: P | undefined;
}

/** A stored point, exactly as the server holds it. */
export interface Point<P = Payload> {
  readonly id: string;
  readonly vector: Float32Array;
  readonly payload: P;
}

/** What to search for. */
export interface SearchQuery {
  /** The query vector; rounded to float32. */
  readonly vector: VectorInput;
  /** How many results to return, at most: 1 to 2,147,483,647. Default 10. */
  readonly topK?: number | undefined;
  /** Whether results carry their payload. Default true. */
  readonly includePayload?: boolean | undefined;
  /** Whether results carry their vector. Default false. */
  readonly includeVectors?: boolean | undefined;
  /** Text for a server that reranks; others ignore it. Default: none. */
  readonly query?: string | undefined;
  /**
   * Bounds the workers' part of the search on the server, in milliseconds. What
   * was found by then is returned as if it were all, so such results may be
   * partial; the call's `warnings` say so. Default: not sent.
   */
  readonly workerTimeoutMs?: number | undefined;
}

/** One hit of a search. */
export interface SearchResult<P = Payload> {
  readonly id: string;
  /**
   * The server's number: lower is nearer (cosine: 1 − cos; euclidean: squared L2;
   * dot: negated inner product), except on a server that reranks.
   */
  readonly score: number;
  /** Absent with `includePayload: false`. */
  readonly payload?: P;
  /** Absent unless `includeVectors` asked for it. */
  readonly vector?: Float32Array;
}

/** A collection to be created. */
export interface CollectionConfig {
  /** Non-empty, well-formed Unicode. */
  readonly name: string;
  /** Components of each vector: 1 to 2,147,483,647. */
  readonly dimension: number;
  /** Default `"euclidean"`. */
  readonly distance?: Distance | undefined;
}

/** One shard of a collection. */
export interface ShardStatus {
  readonly shardId: number;
  /** Ids of the workers that hold a replica, in decimal. */
  readonly replicas: readonly string[];
  /** Id of the leading worker, in decimal; `"0"` while there is none. */
  readonly leaderId: string;
  /** Whether the shard can take writes. */
  readonly ready: boolean;
}

/** A collection and its shards. */
export interface CollectionStatus {
  readonly name: string;
  readonly dimension: number;
  /** One of the distances, or whatever text another client created the collection with. */
  readonly distance: Distance | (string & {});
  /** Ascending by `shardId`. */
  readonly shards: readonly ShardStatus[];
}

/** How relevant the results of a search were. */
export interface Feedback {
  readonly collection: string;
  /** The text that was searched for. Default: empty. */
  readonly query?: string | undefined;
  /** At least one. */
  readonly items: readonly FeedbackItem[];
  /** Ids of all results that were shown. Default: those of `items`. */
  readonly resultIds?: readonly string[] | undefined;
  /** Free-form; a stock server keeps `user_id` and `session_id`. Default: empty. */
  readonly context?: Payload | undefined;
}

/** The judgement of one result. */
export interface FeedbackItem {
  readonly resultId: string;
  /** From 1 (useless) to 5 (exactly right). */
  readonly relevanceScore: number;
  /** Default false. */
  readonly clicked?: boolean | undefined;
  /** Place in the list that was shown, from 0. Default 0. */
  readonly position?: number | undefined;
  /** Default: empty. */
  readonly comment?: string | undefined;
}

/** What an account pays for. */
export type Plan = (typeof PLANS)[number];

/** The plans that an account can choose. */
export const PLANS = ["free", "paid"] as const;

/** Where an account stands with its payments. */
export type SubscriptionStatus = "active" | "canceled" | "past-due";

/** An account. */
export interface UserProfile {
  readonly id: string;
  readonly email: string;
  readonly createdAt: Date;
  /** Undefined when the server has none, or one that this version does not know. */
  readonly plan: Plan | undefined;
  /** Undefined when the server has none, or one that this version does not know. */
  readonly subscriptionStatus: SubscriptionStatus | undefined;
}
