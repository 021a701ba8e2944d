import { type ClientHttp2Session, connect, constants } from "node:http2";
import type { CallEnd, HostileCall } from "./grpc-requests.ts";

const HANG_MS = 20_000;

/** A connection of HTTP/2 that is made again when the server has closed it, as it may when it is provoked. */
export class GrpcSender {
  readonly #url: string;
  #session: ClientHttp2Session | undefined;

  constructor(port: number) {
    this.#url = `http://127.0.0.1:${port}`;
  }

  close(): void {
    this.#session?.destroy();
  }

  /** Sends a call; what is wrong with what came of it, if anything. */
  async send(call: HostileCall): Promise<string | undefined> {
    let got = await this.#exchange(call);
    // The connection was ending because of the call before: this one was not looked at, and may be sent again.
    for (let again = 0; got.rstCode === constants.NGHTTP2_REFUSED_STREAM && again < 3; again++) {
      this.#session?.destroy();
      got = await this.#exchange(call);
    }
    const isRight = matches(got, call.ends);
    return isRight ? undefined : `ended with ${JSON.stringify(got)} instead of ${JSON.stringify(call.ends)}`;
  }

  #exchange({ headers, body, after }: HostileCall): Promise<Outcome> {
    const stream = this.#open().request({ ...headers }, { endStream: false });
    return new Promise((resolve) => {
      const timer = setTimeout(() => stream.destroy(new Error("hangs")), HANG_MS);
      let status: number | undefined;
      let grpc: number | undefined;
      let failed: string | undefined;
      const read = (fields: Record<string, unknown>) => {
        if (fields[":status"] !== undefined) status = Number(fields[":status"]);
        if (fields["grpc-status"] !== undefined) grpc = Number(fields["grpc-status"]);
      };
      stream
        .on("response", read)
        .on("trailers", read)
        .on("data", () => undefined);
      stream.on("error", (error) => {
        failed = error.message;
      });
      stream.once("close", () => {
        clearTimeout(timer);
        resolve({ status, grpc, failed, rstCode: stream.rstCode });
      });
      if (after === "reset") stream.write(body, () => stream.close(constants.NGHTTP2_CANCEL));
      else stream.end(body);
    });
  }

  #open(): ClientHttp2Session {
    const open = this.#session;
    if (open !== undefined && !open.closed && !open.destroyed) return open;
    this.#session = connect(this.#url, { maxSendHeaderBlockLength: 1_000_000 });
    this.#session.on("error", () => undefined);
    return this.#session;
  }
}

interface Outcome {
  readonly status: number | undefined;
  readonly grpc: number | undefined;
  readonly failed: string | undefined;
  readonly rstCode: number | undefined;
}

function matches({ status, grpc, failed }: Outcome, end: CallEnd): boolean {
  if (failed === "hangs") return false;
  if (end === "any") return true;
  if (end === "reset") return failed !== undefined;
  if ("http" in end) return status === end.http;
  return status === 200 && grpc !== undefined && end.grpc.includes(grpc);
}
