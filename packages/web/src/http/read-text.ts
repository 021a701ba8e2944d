import { brokenReply } from "./broken-reply.ts";
import { replyMetadata } from "./reply-metadata.ts";
import { tooLarge } from "./too-large.ts";

/**
 * The body of a response as text, read no further than to `maxBytes`.
 *
 * @throws TransportFailure when it is larger, or breaks off
 */
export async function readText(response: Response, maxBytes: number, endpoint: string): Promise<string> {
  const metadata = replyMetadata(response.headers);
  if (Number(response.headers.get("content-length")) > maxBytes) throw tooLarge(maxBytes, metadata);
  // Of a reply without a body; and React Native has bodies, but no streams of them.
  if (!response.body) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      size += value.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes, metadata);
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    throw brokenReply(error, endpoint, metadata);
  }
}
