const DELIMITED_COLLECTION = 0x0a;
const DELIMITED_POINT = 0x12;

/** How many points an encoded Upsert holds: steps from one to the next without looking inside. */
export function countPoints(request: Uint8Array): number {
  let points = 0;
  for (let at = 0; at < request.length; ) {
    const tag = request[at++];
    if (tag === DELIMITED_POINT) points++;
    else if (tag !== DELIMITED_COLLECTION) throw new Error(`an Upsert has no field with the tag ${tag}`);
    let length = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = request[at++] as number;
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte >= 0x80);
    at += length;
  }
  return points;
}
