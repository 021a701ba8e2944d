import { binaryServerCodec, vectronService } from "@vectron/core/wire";
import { makePoints } from "../data/points.ts";
import type { Prepared } from "../harness/process-contender.ts";
import { CODECS, type CodecName } from "./codecs.ts";

/** What one codec is to do. */
export interface CodecTask {
  readonly codec: CodecName;
  readonly work: "encode" | "decode";
  /** How many points an Upsert holds, or results the reply to a Search. */
  readonly count: number;
  readonly dimension: number;
}

export function prepare(task: CodecTask): Prepared | Promise<Prepared> {
  return task.work === "encode" ? prepareEncoding(task) : prepareDecoding(task);
}

/** So many requests that a processor's cache does not hold them. */
const REQUESTS = 16;

async function prepareEncoding({ codec, count, dimension }: CodecTask): Promise<Prepared> {
  const encoders: (() => Uint8Array | Promise<Uint8Array>)[] = [];
  for (let seed = 0; seed < REQUESTS; seed++) {
    const points = makePoints(count, dimension, seed);
    const encode = CODECS[codec].prepareUpsert(points);
    if (seed === 0) requireSameBytes(await encode(), await CODECS["protobuf-es"].prepareUpsert(points)());
    encoders.push(encode);
  }
  const next = (done: number) => encoders[done % REQUESTS] as () => Uint8Array | Promise<Uint8Array>;
  // Only what returns a promise is awaited, or the others would pay for it.
  if (next(0)() instanceof Promise) {
    return {
      async run(operations) {
        for (let done = 0; done < operations; done++) await next(done)();
      },
    };
  }
  return {
    async run(operations) {
      for (let done = 0; done < operations; done++) next(done)();
    },
  };
}

function prepareDecoding({ codec, count, dimension }: CodecTask): Prepared {
  const points = makePoints(count, dimension);
  const results = points.map((point, index) => ({ ...point, score: index / 100 }));
  const decode = CODECS[codec].prepareSearchReply(
    binaryServerCodec(vectronService.search).encodeReply({ results }),
  );
  const last = decode().at(-1);
  if (
    last?.id !== points.at(-1)?.id ||
    last?.vector[dimension - 1] !== points.at(-1)?.vector[dimension - 1]
  ) {
    throw new Error("what was decoded is not what was encoded");
  }
  return {
    async run(operations) {
      for (let done = 0; done < operations; done++) decode();
    },
  };
}

/** Before anything is measured: all encoders give the same request, or they are not doing the same. */
function requireSameBytes(bytes: Uint8Array, reference: Uint8Array): void {
  if (Buffer.compare(bytes, reference) !== 0) {
    throw new Error("the request is not the one that protobuf-es encodes");
  }
}
