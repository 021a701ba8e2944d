async function send(_path: string, _request: Uint8Array, _options: object): Promise<Uint8Array> {
  return new Uint8Array();
}
// --- the snippet ---
await client.close();
