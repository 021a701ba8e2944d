import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
} from "@grpc/grpc-js";
import { binaryServerCodec, type MethodDescriptor, vectronService } from "@vectron/core/wire";
import { makePoints } from "../data/points.ts";
import { answerParent } from "../harness/child.ts";
import { countPoints } from "./count-points.ts";
import type { DiscardingServerSetup } from "./discarding-grpc-server.ts";

// Runs in the process of the server: the only message is its setup, the answer its port.

type Method = Pick<MethodDescriptor<never, never>, "name" | "path">;
type Respond = (request: Buffer) => Uint8Array;

answerParent(({ results, callsPerSecond }: DiscardingServerSetup) => {
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  const admit = callsPerSecond === undefined ? () => true : windowedLimit(callsPerSecond);
  const serve = (method: Method, respond: Respond) => {
    const handler: handleUnaryCall<Buffer, Uint8Array> = ({ request }, callback) => {
      if (admit()) callback(null, respond(request));
      else
        callback({
          code: status.RESOURCE_EXHAUSTED,
          details: `rate limit of ${callsPerSecond} RPS exceeded`,
        });
    };
    server.addService(definitionOf(method), { [method.name]: handler });
  };
  const found = encodeResults(results);
  const { encodeReply } = binaryServerCodec(vectronService.upsert);
  serve(vectronService.search, () => found);
  serve(vectronService.upsert, (request) => encodeReply({ upserted: countPoints(request) }));
  serve(vectronService.listCollections, () => new Uint8Array());
  return listen(server);
});

function definitionOf({ name, path }: Method): ServiceDefinition {
  const asItIs = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    [name]: {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
    },
  };
}

function encodeResults(count: number): Uint8Array {
  const results = makePoints(count, 1).map(({ id, payload }, index) => {
    return { id, payload: { ...payload }, score: index / 10, vector: new Float32Array() };
  });
  return binaryServerCodec(vectronService.search).encodeReply({ results });
}

/** As a stock server counts: windows of a second from the first call after the last one, refused calls included. */
function windowedLimit(callsPerSecond: number): () => boolean {
  let windowEnd = 0;
  let calls = 0;
  return () => {
    const now = performance.now();
    if (now >= windowEnd) {
      windowEnd = now + 1_000;
      calls = 0;
    }
    return ++calls <= callsPerSecond;
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
