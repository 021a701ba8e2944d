import {
  type Metadata,
  Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import {
  binaryServerCodec,
  type SearchRequest,
  type SearchResponse,
  vectronService,
} from "@vectron/core/wire";
import { type Listener, type ListenerOptions, serve } from "./server.ts";

/** A server of Vectron's own messages that answers searches only. */
export interface SearchServer extends Listener {
  /** The searches, with their metadata, in order of arrival. */
  readonly searches: readonly { readonly request: SearchRequest; readonly metadata: Metadata }[];
}

/** Starts a server, stopped when the test has finished; `answer` gives the messages of its replies. */
export async function startSearchServer(
  answer: (request: SearchRequest) => readonly SearchResponse[],
  options: ListenerOptions = {},
): Promise<SearchServer> {
  const searches: { request: SearchRequest; metadata: Metadata }[] = [];
  const receive = ({ request, metadata }: { request: SearchRequest; metadata: Metadata }) => {
    searches.push({ request, metadata });
    return answer(request);
  };
  const server = new Server();
  server.addService(
    { Search: definition("search", false), SearchStream: definition("searchStream", true) },
    {
      Search(call: ServerUnaryCall<SearchRequest, SearchResponse>, reply: sendUnaryData<SearchResponse>) {
        reply(null, receive(call)[0]);
      },
      SearchStream(call: ServerWritableStream<SearchRequest, SearchResponse>) {
        for (const message of receive(call)) call.write(message);
        call.end();
      },
    },
  );
  return Object.assign(await serve(server, options), { searches });
}

function definition(name: "search" | "searchStream", responseStream: boolean) {
  const method = vectronService[name];
  const codec = binaryServerCodec(method);
  return {
    path: method.path,
    requestStream: false,
    responseStream,
    requestSerialize: unused,
    requestDeserialize: codec.decodeRequest,
    responseSerialize: (message: SearchResponse) => Buffer.from(codec.encodeReply(message)),
    responseDeserialize: unused,
  };
}

function unused(): never {
  throw new Error("a server writes no request and reads no reply");
}
