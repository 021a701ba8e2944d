import type { Patient } from "./patient.ts";

/** Compares the server's clock, which ticks in seconds there, with this one's. */
export function noteClock(patient: Patient, date: string | undefined, sentMs: number): void {
  const serverMs = Date.parse(date ?? "");
  if (Number.isNaN(serverMs)) return;
  patient.clockSkewMs = serverMs + 500 - (sentMs + Date.now()) / 2;
}
