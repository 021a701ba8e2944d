import { Channel, type ChannelOptions, compressionAlgorithms, credentials } from "@grpc/grpc-js";
import type { TransportSettings } from "./transport-options.ts";
import { VERSION } from "./version.ts";

/**
 * How much of a reply may be under way before the client has read it. HTTP/2's
 * own default of 64 KiB makes a 600 kB reply take a dozen round trips; with this
 * window it took 40 % of the time on loopback, and gains more over a network.
 */
const FLOW_CONTROL_WINDOW_BYTES = 4 * 1024 * 1024;

/** Opens a channel. It connects when its first call is made. */
export function openChannel(settings: TransportSettings): Channel {
  const { address, route, tls } = settings;
  const target = typeof route === "object" ? `dns:${route.endpoint}` : address.target;
  return new Channel(target, tls?.credentials ?? credentials.createInsecure(), channelOptions(settings));
}

function channelOptions(settings: TransportSettings): ChannelOptions {
  return {
    // Retries are decided above the transport, where idempotency and the call's budget are known.
    "grpc.enable_retries": 0,
    "grpc.service_config_disable_resolution": 1,
    // Otherwise all channels of the process to one address share one connection.
    "grpc.use_local_subchannel_pool": 1,
    "grpc-node.flow_control_window": FLOW_CONTROL_WINDOW_BYTES,
    "grpc.max_send_message_length": settings.maxSendBytes,
    "grpc.max_receive_message_length": settings.maxReceiveBytes,
    ...keepaliveOptions(settings),
    ...tlsOptions(settings),
    ...proxyOptions(settings),
    ...(settings.gzip && { "grpc.default_compression_algorithm": compressionAlgorithms.gzip }),
    "grpc.primary_user_agent": [settings.userAgent, `vectron-node/${VERSION}`].filter(Boolean).join(" "),
  };
}

function keepaliveOptions(settings: TransportSettings): ChannelOptions {
  if (settings.keepaliveTimeMs === Number.POSITIVE_INFINITY) return {};
  return {
    "grpc.keepalive_time_ms": settings.keepaliveTimeMs,
    "grpc.keepalive_timeout_ms": settings.keepaliveTimeoutMs,
    "grpc.keepalive_permit_without_calls": settings.keepalivePermitWithoutCalls ? 1 : 0,
  };
}

function tlsOptions({ tls }: TransportSettings): ChannelOptions {
  if (tls?.serverName === undefined) return {};
  return { "grpc.ssl_target_name_override": tls.serverName, "grpc.default_authority": tls.serverName };
}

// The two http_connect options are what grpc-js itself sets when it takes a proxy from the environment.
function proxyOptions({ address, route, tls }: TransportSettings): ChannelOptions {
  if (route === "environment") return { "grpc.enable_http_proxy": 1 };
  if (route === "none") return { "grpc.enable_http_proxy": 0 };
  return {
    "grpc.enable_http_proxy": 0,
    "grpc.http_connect_target": address.target,
    ...(route.credentials !== undefined && { "grpc.http_connect_creds": route.credentials }),
    // The target is the proxy, which is not what the server knows itself by.
    "grpc.default_authority": tls?.serverName ?? address.endpoint,
  };
}
