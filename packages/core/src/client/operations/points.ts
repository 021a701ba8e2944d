import { type CallOptions, checkCallOptions } from "../../call/call-options.ts";
import { refuseUnknownKeys, requireName, requireObject } from "../../data/checks.ts";
import type { Payload, Point, PointInput } from "../../data/types.ts";
import { toVector } from "../../data/vector.ts";
import { InvalidArgumentError, NotFoundError, ResourceExhaustedError } from "../../errors/error-classes.ts";
import { describeValue, invalidArgument } from "../../errors/invalid-argument.ts";
import type { Point as PointMessage } from "../../gen/vectron/v1/messages.ts";
import { vectronService } from "../../gen/vectron/v1/methods.ts";
import { importCode } from "../../runtime/import-code.ts";
import type { ClientContext, CollectionTarget } from "../client-context.ts";

/** Writes points in one request; returns how many the server counted. */
export async function upsert<P>(
  target: CollectionTarget<P>,
  points: readonly PointInput<P>[],
  options: CallOptions = {},
): Promise<number> {
  const collection = requireName("collection", target.collection);
  checkCallOptions(options);
  if (!Array.isArray(points)) throw invalidArgument("points", points, "an array of points");
  if (points.length === 0) return 0;
  const messages = await toPointMessages(target, points);
  if (mayBeOverLarge(target, collection, messages)) await refuseOverLarge(target, collection, messages);
  const reply = await target.runner.unary(
    { method: vectronService.upsert, collection, message: { collection, points: messages } },
    options,
  );
  return reply.upserted;
}

/** Reads one point; rejects with a `NotFoundError` when there is none of that id. */
export async function get<P>(
  target: CollectionTarget<P>,
  id: string,
  options: CallOptions = {},
): Promise<Point<P>> {
  const collection = requireName("collection", target.collection);
  requireName("id", id);
  checkCallOptions(options);
  const { point } = await target.runner.unary(
    { method: vectronService.get, collection, message: { collection, id } },
    options,
  );
  if (point === undefined) {
    throw new NotFoundError(`point ${describeValue(id)} not found [Get ${describeValue(collection)}]`, {
      method: "Get",
      collection,
    });
  }
  return {
    ...point,
    payload: await target.codec.decode(`the payload of point ${describeValue(id)}`, point.payload),
  };
}

/** Removes one point; succeeds as well when there is none of that id. */
export async function deletePoint(
  target: CollectionTarget<unknown>,
  id: string,
  options: CallOptions = {},
): Promise<void> {
  const collection = requireName("collection", target.collection);
  requireName("id", id);
  checkCallOptions(options);
  await target.runner.unary(
    { method: vectronService.delete, collection, message: { collection, id } },
    options,
  );
}

/** The points as messages, once each of them has been checked. */
async function toPointMessages<P>(
  target: CollectionTarget<P>,
  points: readonly PointInput<P>[],
): Promise<PointMessage[]> {
  const messages: PointMessage[] = [];
  let dimension = target.expectedDimension;
  for (const [index, point] of points.entries()) {
    const message = toPointMessage(target, `points[${index}]`, point, dimension);
    dimension ??= message.vector.length;
    messages.push(
      message.payload instanceof Promise
        ? { ...message, payload: await message.payload }
        : (message as PointMessage),
    );
  }
  return messages;
}

/**
 * One point as a message. Its payload is a promise where the codec works
 * asynchronously.
 *
 * @param argument - what the point is called in an error, such as `points[3]`
 */
export function toPointMessage<P>(
  target: Pick<CollectionTarget<P>, "codec">,
  argument: string,
  point: PointInput<P>,
  dimension: number | undefined,
): Omit<PointMessage, "payload"> & { payload: Payload | Promise<Payload> } {
  requireObject(argument, point);
  refuseUnknownKeys(argument, point, POINT_KEYS);
  const id = requireName(`${argument}.id`, point.id);
  const vector = toVectorOf(argument, point, dimension);
  return { id, vector, payload: target.codec.encode(`${argument}.payload`, point.payload) };
}

const POINT_KEYS = ["id", "vector", "payload"];

function toVectorOf<P>(argument: string, point: PointInput<P>, dimension: number | undefined): Float32Array {
  try {
    return toVector(`${argument}.vector`, point.vector, dimension);
  } catch (error) {
    // The id is added on the way out, so that the path of a good point builds no text.
    if (error instanceof InvalidArgumentError)
      throw new InvalidArgumentError(`${error.message} (point ${describeValue(point.id)})`);
    throw error;
  }
}

const MOST_UTF8_BYTES_PER_UNIT = 3;
const MOST_FRAMING_BYTES = 32;

/** Whether a cheap upper bound leaves it open: the exact size takes a walk over every character. */
function mayBeOverLarge({ runner }: ClientContext, collection: string, points: PointMessage[]): boolean {
  return (
    largestSize(points) + collection.length * MOST_UTF8_BYTES_PER_UNIT > runner.capabilities.maxSendBytes
  );
}

async function refuseOverLarge(
  { runner }: ClientContext,
  collection: string,
  points: PointMessage[],
): Promise<void> {
  const { sizeUpsertRequest } = await importCode(() => import("../../gen/vectron/v1/size.ts"));
  const { maxSendBytes } = runner.capabilities;
  const size = sizeUpsertRequest({ collection, points });
  if (size <= maxSendBytes) return;
  throw new ResourceExhaustedError(
    `points take ${size} bytes as one request and the limit is ${maxSendBytes}: use bulkUpsert, which splits them [Upsert ${describeValue(collection)}]`,
    { method: "Upsert", collection },
  );
}

function largestSize(points: PointMessage[]): number {
  let size = 0;
  for (const { id, vector, payload } of points) {
    size += MOST_FRAMING_BYTES + vector.byteLength + id.length * MOST_UTF8_BYTES_PER_UNIT;
    for (const key of Object.keys(payload)) {
      size += MOST_FRAMING_BYTES + (key.length + (payload[key] as string).length) * MOST_UTF8_BYTES_PER_UNIT;
    }
  }
  return size;
}
