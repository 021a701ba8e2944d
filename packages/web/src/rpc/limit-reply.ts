import { replyMetadata } from "../http/reply-metadata.ts";
import { tooLarge } from "../http/too-large.ts";

/** Looks at each piece of a body in turn; returns how many bytes of it may pass. */
type Inspect = (chunk: Uint8Array) => number;

/**
 * The same response, whose body fails where a message is larger than `maxBytes`;
 * what comes before that message passes. connect-web has no such limit, and makes
 * room for whatever length a frame announces.
 */
export function limitReply(response: Response, maxBytes: number, isFramed: boolean): Response {
  const reader = response.body?.getReader();
  if (reader === undefined) return response;
  const inspect = isFramed ? inspectFrames(maxBytes) : inspectTotal(maxBytes);
  let isOver = false;
  const limited = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (isOver) throw tooLarge(maxBytes, replyMetadata(response.headers));
        const { done, value } = await reader.read();
        if (done) return controller.close();
        const allowed = inspect(value);
        isOver = allowed < value.byteLength;
        controller.enqueue(isOver ? value.subarray(0, allowed) : value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Nothing is read ahead, so that a failure does not overtake what came before it.
    { highWaterMark: 0 },
  );
  return new Response(limited, response);
}

function inspectTotal(maxBytes: number): Inspect {
  let left = maxBytes;
  return ({ byteLength }) => {
    const allowed = Math.min(left, byteLength);
    left -= allowed;
    return allowed;
  };
}

/** One byte of flags and four of length, in gRPC-Web and in Connect alike. */
const FRAME_HEADER_BYTES = 5;

function inspectFrames(maxBytes: number): Inspect {
  let headerBytes = 0;
  let length = 0;
  let toSkip = 0;
  return (chunk) => {
    let frameStart = 0;
    for (let at = 0; at < chunk.byteLength; ) {
      if (toSkip > 0) {
        const step = Math.min(toSkip, chunk.byteLength - at);
        toSkip -= step;
        at += step;
        frameStart = at;
        continue;
      }
      length = headerBytes === 0 ? 0 : length * 256 + (chunk[at] as number);
      headerBytes += 1;
      at += 1;
      if (headerBytes < FRAME_HEADER_BYTES) continue;
      if (length > maxBytes) return frameStart;
      toSkip = length;
      headerBytes = 0;
      frameStart = at;
    }
    return chunk.byteLength;
  };
}
