/**
 * GB18030 for delivering: the platform can only decode it. The two-byte part is inverted once from
 * the platform's decoder; the county has no name outside it.
 */
const FIRST_OF_TWO = 0x81;
const LAST_OF_TWO = 0xfe;

let table: Map<string, number> | undefined;

function invert(): Map<string, number> {
  const decoder = new TextDecoder('gb18030');
  const found = new Map<string, number>();
  for (let lead = FIRST_OF_TWO; lead <= LAST_OF_TWO; lead += 1) {
    for (let trail = 0x40; trail <= LAST_OF_TWO; trail += 1) {
      if (trail === 0x7f) continue;
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if (text.length === 1 && text !== '\ufffd' && !found.has(text)) {
        found.set(text, lead * 256 + trail);
      }
    }
  }
  return found;
}

/** Encodes text; a character outside the two-byte part cannot occur in this county and is refused. */
export function encodeGb18030(text: string): Buffer {
  table ??= invert();
  const bytes = Buffer.allocUnsafe(text.length * 2);
  let length = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x80) {
      bytes[length] = code;
      length += 1;
      continue;
    }
    const pair = table.get(text.charAt(i));
    if (pair === undefined) throw new RangeError('no two-byte form in GB18030');
    bytes[length] = pair >> 8;
    bytes[length + 1] = pair & 255;
    length += 2;
  }
  return bytes.subarray(0, length);
}
