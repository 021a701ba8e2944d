import { execFile } from "node:child_process";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { create, fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Client, credentials } from "@grpc/grpc-js";
import { describe, expect, it, onTestFinished } from "vitest";
import { DescriptorIndex } from "../../src/server/grpc/descriptor-index.ts";
import {
  ServerReflectionRequestSchema,
  type ServerReflectionResponse,
} from "../../src/server/grpc/gen/grpc/reflection/v1/reflection_pb.ts";
import { REFLECTION_SERVICES, reflectionServices } from "../../src/server/grpc/reflection-service.ts";
import { createCertificate } from "../support/certificate.ts";
import { startBoth } from "../support/http.ts";

const BUF = join(import.meta.dirname, "../../../../node_modules/.bin/buf");
const SERVED = [
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
  "vectron.v1.VectronService",
];

/** What `buf curl` prints; it is given no schema, and has to ask the server for it. */
async function bufCurl(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(BUF, ["curl", "--protocol", "grpc", ...args], {
    cwd: import.meta.dirname,
  });
  return stdout;
}

const CLEAR = ["--http2-prior-knowledge"];

describe.each(["grpc-v1", "grpc-v1alpha"])("buf curl with reflection of %s", (version) => {
  const reflect = ["--reflect-protocol", version];

  it("lists services and methods, and calls them", async () => {
    const { server } = await startBoth();
    const url = `http://${server.grpcAddress}`;
    const services = await bufCurl(...CLEAR, ...reflect, "--list-services", url);
    expect(services.trim().split("\n").sort()).toEqual(SERVED);
    const methods = await bufCurl(...CLEAR, ...reflect, "--list-methods", url);
    expect(methods).toContain("vectron.v1.VectronService/ListCollections");
    const method = `${url}/vectron.v1.VectronService`;
    const collection = JSON.stringify({ name: "docs", dimension: 2, distance: "cosine" });
    await bufCurl(...CLEAR, ...reflect, "--data", collection, `${method}/CreateCollection`);
    const points = { collection: "docs", points: [{ id: "a", vector: [1, 2], payload: { lang: "en" } }] };
    await bufCurl(...CLEAR, ...reflect, "--data", JSON.stringify(points), `${method}/Upsert`);
    const listed = await bufCurl(...CLEAR, ...reflect, `${method}/ListCollections`);
    expect(JSON.parse(listed)).toEqual({ collections: ["docs"] });
    const search = JSON.stringify({ collection: "docs", vector: [1, 2], topK: 1, includeMetadata: true });
    const found = await bufCurl(...CLEAR, ...reflect, "--data", search, `${method}/SearchStream`);
    expect(JSON.parse(found)).toMatchObject({ results: [{ id: "a", payload: { lang: "en" } }] });
    const health = await bufCurl(...CLEAR, ...reflect, `${url}/grpc.health.v1.Health/Check`);
    expect(JSON.parse(health)).toEqual({ status: "SERVING" });
  });
});

it("buf curl finds the schema without a token, over TLS too, and calls with one", async () => {
  const { cert, key } = await createCertificate();
  const { server } = await startBoth({ apiKey: "secret", tls: { cert, key } });
  const url = `https://${server.grpcAddress}`;
  expect(await bufCurl("--insecure", "--list-services", url)).toContain("vectron.v1.VectronService");
  const method = `${url}/vectron.v1.VectronService/ListCollections`;
  await expect(bufCurl("--insecure", method)).rejects.toThrow(/unauthenticated/);
  const header = ["--header", "Authorization: Bearer secret"];
  expect(JSON.parse(await bufCurl("--insecure", ...header, method))).toEqual({});
});

describe("reflection", () => {
  const [{ definition, implementation }] = reflectionServices(new DescriptorIndex(REFLECTION_SERVICES)) as [
    ReturnType<typeof reflectionServices>[number],
  ];
  const { path, requestSerialize, responseDeserialize } = definition.serverReflectionInfo!;

  async function open(options: Parameters<typeof startBoth>[0] = {}) {
    const { server } = await startBoth(options);
    const client = new Client(server.grpcAddress, credentials.createInsecure());
    onTestFinished(() => client.close());
    return client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  }

  const request = (oneOf: object) =>
    create(ServerReflectionRequestSchema, { messageRequest: oneOf } as MessageInitShape<
      typeof ServerReflectionRequestSchema
    >);

  async function ask(oneOf: object): Promise<ServerReflectionResponse["messageResponse"]> {
    const call = await open();
    call.end(request(oneOf));
    for await (const reply of call) return (reply as ServerReflectionResponse).messageResponse;
    throw new Error("no answer");
  }

  it.each([
    ["fileContainingSymbol", "vectron.v1.VectronService", "vectron/v1/vectron.proto"],
    ["fileContainingSymbol", "vectron.v1.VectronService.Search", "vectron/v1/vectron.proto"],
    ["fileContainingSymbol", "vectron.v1.Point.id", "vectron/v1/vectron.proto"],
    ["fileContainingSymbol", "google.api.http", "google/api/annotations.proto"],
    ["fileByFilename", "google/protobuf/descriptor.proto", "google/protobuf/descriptor.proto"],
    [
      "fileContainingExtension",
      { containingType: "google.protobuf.MethodOptions", extensionNumber: 72_295_728 },
      "google/api/annotations.proto",
    ],
  ])("%s %j is found", async (name, value, file) => {
    const answer = await ask({ case: name, value });
    expect(answer.case).toBe("fileDescriptorResponse");
    const [bytes] = (answer.value as { fileDescriptorProto: Uint8Array[] }).fileDescriptorProto;
    expect(fromBinary(FileDescriptorProtoSchema, bytes!).name).toBe(file);
  });

  it("tells the numbers of extensions", async () => {
    const value = "google.protobuf.MethodOptions";
    expect(await ask({ case: "allExtensionNumbersOfType", value })).toMatchObject({
      case: "allExtensionNumbersResponse",
      value: { baseTypeName: value, extensionNumber: [72_295_728] },
    });
  });

  it.each([
    ["fileContainingSymbol", "vectron.v1.VectronService.Missing"],
    ["fileContainingSymbol", "constructor"],
    ["fileContainingSymbol", ""],
    ["fileContainingSymbol", "."],
    ["fileByFilename", "__proto__"],
    ["fileByFilename", "../../etc/passwd"],
    ["fileContainingExtension", { containingType: "toString", extensionNumber: 1 }],
    ["fileContainingExtension", { containingType: "google.protobuf.MethodOptions", extensionNumber: -1 }],
    ["allExtensionNumbersOfType", "hasOwnProperty"],
  ])("%s %j is not found", async (name, value) => {
    expect(await ask({ case: name, value })).toMatchObject({
      case: "errorResponse",
      value: { errorCode: 5 },
    });
  });

  it("is asked for nothing, and says so", async () => {
    expect(await ask({ case: undefined })).toMatchObject({ value: { errorCode: 3 } });
  });

  it("reads no more from who does not read the answers", async () => {
    const questions = Array.from({ length: 1_000 }, () => request({ case: "listServices", value: "" }));
    const taken: (() => void)[] = [];
    const call = new Duplex({
      objectMode: true,
      read() {
        this.push(questions.shift() ?? null);
      },
      write: (_answer, _encoding, done) => void taken.push(done),
    });
    onTestFinished(() => void call.destroy());
    void (implementation.serverReflectionInfo as unknown as (call: Duplex) => Promise<void>)(call);
    // One answer is being sent, and nobody takes it.
    while (taken.length === 0) await setImmediate();
    for (let turn = 0; turn < 1_000; turn++) await setImmediate();
    expect(questions.length).toBeGreaterThan(900);
    while (questions.length > 0) {
      taken.shift()?.();
      await setImmediate();
    }
  });

  it("is not there in strict parity, as on a stock server", async () => {
    const call = await open({ strictParity: true });
    call.end(request({ case: "listServices", value: "" }));
    const answers = async () => {
      for await (const _ of call);
    };
    await expect(answers()).rejects.toMatchObject({ code: 12 });
  });
});
