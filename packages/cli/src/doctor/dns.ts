import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { duration } from "../output/numbers.ts";
import { type Check, failed, ok } from "./finding.ts";
import type { RemotePatient } from "./patient.ts";

/** The host's name leads to addresses. */
export const dnsCheck: Check<RemotePatient> = {
  name: "DNS",
  needs: [],
  async run(patient) {
    const { host } = patient.endpoint;
    if (isIP(host)) {
      patient.addresses = [host];
      return ok(`${host} is an address`);
    }
    const startMs = performance.now();
    try {
      const found = await lookup(host, { all: true });
      const elapsedMs = performance.now() - startMs;
      patient.addresses = found.map(({ address }) => address);
      const detail = `${host} is ${patient.addresses.join(", ")} (${duration(elapsedMs)})`;
      return ok(detail, { addresses: patient.addresses, elapsedMs });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const advice =
        code === "ENOTFOUND"
          ? "check the spelling of --host; inside a VPN or a cluster, check that its DNS servers are asked"
          : "check this machine's DNS servers (/etc/resolv.conf)";
      return failed(`${host} cannot be resolved: ${(error as Error).message}`, advice, { code });
    }
  },
};
