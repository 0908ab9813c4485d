/** Steps through the fields of a protobuf message. One object is stepped along, because a file of 50,000 items has some 400,000 fields. */

const varint = 0
const fixed64 = 1
const lengthDelimited = 2
const fixed32 = 5

/** The tag of a field whose content has its length before it: text, bytes, messages and packed numbers. */
export const lengthDelimitedTag = (field: number): number => (field << 3) | lengthDelimited

export class ProtobufFields {
  /** The field's number and kind as the file has them in one. */
  tag = 0
  /** Where a length-delimited field's content lies. */
  start = 0
  end = 0
  readonly #bytes: Uint8Array
  readonly #to: number
  #at: number

  /** The fields of the message that lies at bytes[from, to). */
  constructor(bytes: Uint8Array, from: number, to: number) {
    this.#bytes = bytes
    this.#at = from
    this.#to = to
  }

  /** Steps to the next field; false behind the last. Throws RangeError on what is not such a message. */
  next(): boolean {
    if (this.#at === this.#to) return false
    this.tag = this.#readVarint()
    const length = this.#readLength(this.tag & 7)
    this.start = this.#at
    this.end = this.#at + length
    if (this.end > this.#to) throw new RangeError('the message ends within a field')
    this.#at = this.end
    return true
  }

  #readLength(kind: number): number {
    switch (kind) {
      case varint:
        this.#readVarint()
        return 0
      case fixed64:
        return 8
      case lengthDelimited:
        return this.#readVarint()
      case fixed32:
        return 4
      default:
        throw new RangeError('an unknown kind of field')
    }
  }

  #readVarint(): number {
    let value = 0
    // Five groups of seven bits hold every length and tag of such a file.
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#at < this.#to ? this.#bytes[this.#at++] : undefined
      if (byte === undefined) throw new RangeError('the message ends within a field')
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    throw new RangeError('a number too large for a length')
  }
}
