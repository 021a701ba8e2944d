import type { CollectionTarget } from "../client/client-context.ts";
import { toPointMessage } from "../client/operations/points.ts";
import type { PointInput } from "../data/types.ts";
import { textOf } from "../errors/text-of.ts";
import type { Point } from "../gen/vectron/v1/messages.ts";

/** Turns records into messages. */
export class RecordIntake<P> {
  readonly #target: CollectionTarget<P>;

  constructor(target: CollectionTarget<P>) {
    this.#target = target;
  }

  /**
   * Checks a record. The message may share its vector and its payload with it: it
   * is to be encoded at once. A promise only where the payload's codec works
   * asynchronously; then nothing is shared. Throws, or rejects, with what is wrong
   * with the record.
   *
   * @param dimension - how many components its vector must have; undefined: any number
   */
  take(record: PointInput<P>, dimension: number | undefined): Point | Promise<Point> {
    const message = toPointMessage(this.#target, "the record", record, dimension);
    const { payload } = message;
    if (!(payload instanceof Promise)) return message as Point;
    const vector = message.vector.slice();
    return payload.then((encoded) => ({ id: message.id, vector, payload: encoded }));
  }
}

/** The id of a record that is refused; undefined where there is none. */
export function idOf(record: unknown): string | undefined {
  const id = (record as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}

/** What is wrong with a record, as an error whatever a payload's codec threw. */
export function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(textOf(reason), { cause: reason });
}
