import { create } from "@bufbuild/protobuf";
import { type ServerUnaryCall, type ServerWritableStream, type sendUnaryData, status } from "@grpc/grpc-js";
import {
  Health,
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthCheckResponseSchema,
  type HealthListRequest,
  type HealthListResponse,
  HealthListResponseSchema,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from "./gen/grpc/health/v1/health_pb.ts";
import type { GrpcService } from "./grpc-service.ts";
import { protobufService } from "./protobuf-service.ts";

type Watch = ServerWritableStream<HealthCheckRequest, HealthCheckResponse>;

/** The name that stands for the server as a whole. */
const WHOLE_SERVER = "";

/**
 * The standard health service (https://github.com/grpc/grpc/blob/master/doc/health-checking.md):
 * everything serves until the server drains, and then nothing does.
 */
export class HealthService {
  readonly #names: ReadonlySet<string>;
  readonly #watches = new Set<Watch>();
  #status = ServingStatus.SERVING;

  /** @param serviceNames - the services that can be asked about, beside the server as a whole */
  constructor(serviceNames: readonly string[]) {
    this.#names = new Set([WHOLE_SERVER, ...serviceNames]);
  }

  /** As `Server.addService` takes it. */
  get service(): GrpcService {
    return {
      definition: protobufService(Health),
      implementation: {
        check: this.#check.bind(this),
        watch: this.#watch.bind(this),
        list: this.#list.bind(this),
      },
    };
  }

  /** Tells those who watch that nothing is served any more, and ends their calls, which would never end by themselves. */
  drain(): void {
    this.#status = ServingStatus.NOT_SERVING;
    for (const watch of this.#watches) {
      if (this.#names.has(watch.request.service)) watch.write(this.#answer());
      watch.emit("error", { code: status.UNAVAILABLE, details: "the server is shutting down" });
    }
    this.#watches.clear();
  }

  #check(
    { request }: ServerUnaryCall<HealthCheckRequest, HealthCheckResponse>,
    reply: sendUnaryData<HealthCheckResponse>,
  ): void {
    if (this.#names.has(request.service)) reply(null, this.#answer());
    else reply({ code: status.NOT_FOUND, details: "unknown service" });
  }

  #watch(watch: Watch): void {
    this.#watches.add(watch);
    watch.once("cancelled", () => this.#watches.delete(watch));
    const isKnown = this.#names.has(watch.request.service);
    watch.write(isKnown ? this.#answer() : answer(ServingStatus.SERVICE_UNKNOWN));
  }

  #list(
    _call: ServerUnaryCall<HealthListRequest, HealthListResponse>,
    reply: sendUnaryData<HealthListResponse>,
  ): void {
    const statuses = Object.fromEntries([...this.#names].map((name) => [name, this.#answer()]));
    reply(null, create(HealthListResponseSchema, { statuses }));
  }

  #answer(): HealthCheckResponse {
    return answer(this.#status);
  }
}

function answer(servingStatus: ServingStatus): HealthCheckResponse {
  return create(HealthCheckResponseSchema, { status: servingStatus });
}
