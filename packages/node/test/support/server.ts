import { once } from "node:events";
import {
  type AddressInfo,
  createServer,
  type ListenOptions,
  type Server as NetServer,
  type Socket,
} from "node:net";
import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { onTestFinished } from "vitest";
import { streamMethod, unaryMethod } from "./methods.ts";

export type UnaryHandler = (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => void;
export type StreamHandler = (call: ServerWritableStream<Buffer, Buffer>) => void;

/** Where and how a server listens. Default: on a free port of 127.0.0.1, in clear text. */
export interface ListenerOptions {
  readonly credentials?: ServerCredentials;
  readonly listen?: ListenOptions;
}

export interface TestServerOptions extends ListenerOptions {
  /** Default: replies with the request. */
  readonly unary?: UnaryHandler;
  /** Default: replies with the request, once. */
  readonly stream?: StreamHandler;
}

/** A real gRPC server behind a socket server of its own, so that connections can be counted and cut. */
export interface Listener {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly port: number;
  readonly sockets: ReadonlySet<Socket>;
  /** How many connections were made in all. */
  readonly connections: number;
  /** Stops listening and cuts every connection. */
  stop(): Promise<void>;
}

export interface TestServer extends Listener {
  /** The metadata of every call, in order of arrival. */
  readonly received: readonly Metadata[];
}

/** Starts a server of texts, stopped when the test has finished. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const received: Metadata[] = [];
  const listener = await serve(createTextServer(options, received), options);
  return Object.assign(listener, { received });
}

/** Lets a gRPC server listen until the test has finished. */
export async function serve(grpcServer: Server, options: ListenerOptions = {}): Promise<Listener> {
  const injector = grpcServer.createConnectionInjector(
    options.credentials ?? ServerCredentials.createInsecure(),
  );
  const sockets = new Set<Socket>();
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    injector.injectConnection(socket);
  });
  await listen(listener, options.listen ?? { host: "127.0.0.1", port: 0 });
  const stop = async () => {
    const closed = listener.listening ? once(listener, "close") : undefined;
    listener.close();
    for (const socket of sockets) socket.destroy();
    injector.destroy();
    grpcServer.forceShutdown();
    await closed;
  };
  onTestFinished(stop);
  const port = (listener.address() as AddressInfo).port;
  return {
    address: `127.0.0.1:${port}`,
    port,
    sockets,
    get connections() {
      return connections;
    },
    stop,
  };
}

async function listen(server: NetServer, options: ListenOptions): Promise<void> {
  server.listen(options);
  await once(server, "listening");
}

function createTextServer(options: TestServerOptions, received: Metadata[]): Server {
  const unary: UnaryHandler = options.unary ?? ((call, reply) => reply(null, call.request));
  const stream: StreamHandler = options.stream ?? echoOnce;
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  server.addService(
    { Echo: definition(unaryMethod.path, false), Repeat: definition(streamMethod.path, true) },
    {
      Echo: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => {
        received.push(call.metadata);
        unary(call, reply);
      },
      Repeat: (call: ServerWritableStream<Buffer, Buffer>) => {
        received.push(call.metadata);
        stream(call);
      },
    },
  );
  return server;
}

function echoOnce(call: ServerWritableStream<Buffer, Buffer>): void {
  call.write(call.request);
  call.end();
}

function definition(path: string, responseStream: boolean) {
  return {
    path,
    requestStream: false,
    responseStream,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}
