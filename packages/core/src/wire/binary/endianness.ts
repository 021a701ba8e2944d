/** Whether a typed array's bytes are already in the order that protobuf uses. */
export const LITTLE_ENDIAN: boolean = /* @__PURE__ */ isLittleEndian();

function isLittleEndian(): boolean {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
}
