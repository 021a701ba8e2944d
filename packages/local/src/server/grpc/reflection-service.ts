import { once } from "node:events";
import { create } from "@bufbuild/protobuf";
import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import type { DescriptorIndex } from "./descriptor-index.ts";
import {
  ServerReflection,
  type ServerReflectionRequest,
  ServerReflectionRequestSchema,
  type ServerReflectionResponse,
  ServerReflectionResponseSchema,
} from "./gen/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflection as ServerReflectionAlpha } from "./gen/grpc/reflection/v1alpha/reflection_pb.ts";
import type { GrpcService } from "./grpc-service.ts";
import { protobufService } from "./protobuf-service.ts";

type Call = ServerDuplexStream<ServerReflectionRequest, ServerReflectionResponse>;
type Answer = ServerReflectionResponse["messageResponse"];

/** The services of reflection. That of the alpha version has the same messages under other names. */
export const REFLECTION_SERVICES = [ServerReflection, ServerReflectionAlpha] as const;

/**
 * The standard service that tells tools what a server serves
 * (https://github.com/grpc/grpc/blob/master/doc/server-reflection.md), in both of its versions.
 */
export function reflectionServices(index: DescriptorIndex): GrpcService[] {
  const schemas = { input: ServerReflectionRequestSchema, output: ServerReflectionResponseSchema };
  return REFLECTION_SERVICES.map((service) => ({
    definition: protobufService(service, () => schemas),
    implementation: { serverReflectionInfo: (call: Call) => serve(index, call) },
  }));
}

async function serve(index: DescriptorIndex, call: Call): Promise<void> {
  const controller = new AbortController();
  call.once("cancelled", () => controller.abort());
  try {
    // The call outlives the questions: what destroys it at their end would keep its status from being sent.
    const requests: AsyncIterable<ServerReflectionRequest> = call.iterator({ destroyOnReturn: false });
    for await (const request of requests) {
      if (call.write(reply(index, request))) continue;
      // Who asks without reading the answers is not asked for more.
      await once(call, "drain", { signal: controller.signal });
    }
    call.end();
  } catch (error) {
    // A caller that left needs no answer.
    if (!controller.signal.aborted) call.emit("error", { code: status.INTERNAL, details: String(error) });
  }
}

function reply(index: DescriptorIndex, request: ServerReflectionRequest): ServerReflectionResponse {
  return create(ServerReflectionResponseSchema, {
    validHost: request.host,
    originalRequest: request,
    messageResponse: answer(index, request),
  } as ServerReflectionResponse);
}

function answer(index: DescriptorIndex, { messageRequest: request }: ServerReflectionRequest): Answer {
  switch (request.case) {
    case "listServices":
      return services(index.serviceNames);
    case "fileByFilename":
      return file(index.fileByName(request.value), "no such file");
    case "fileContainingSymbol":
      return file(index.fileOfSymbol(request.value), "no such symbol");
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = request.value;
      return file(index.fileOfExtension(containingType, extensionNumber), "no such extension");
    }
    case "allExtensionNumbersOfType":
      return extensions(request.value, index.extensionNumbers(request.value));
    default:
      return refusal(status.INVALID_ARGUMENT, "the request asks for nothing");
  }
}

function services(names: readonly string[]): Answer {
  const value = { service: names.map((name) => ({ name })) };
  return { case: "listServicesResponse", value } as Answer;
}

/** Only the file itself: tools ask for what it imports by name, and for each file once. */
function file(bytes: Uint8Array | undefined, missing: string): Answer {
  if (bytes === undefined) return refusal(status.NOT_FOUND, missing);
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto: [bytes] } } as unknown as Answer;
}

function extensions(baseTypeName: string, numbers: readonly number[] | undefined): Answer {
  if (numbers === undefined) return refusal(status.NOT_FOUND, "no such message");
  const value = { baseTypeName, extensionNumber: [...numbers] };
  return { case: "allExtensionNumbersResponse", value } as Answer;
}

function refusal(errorCode: number, errorMessage: string): Answer {
  return { case: "errorResponse", value: { errorCode, errorMessage } } as Answer;
}
