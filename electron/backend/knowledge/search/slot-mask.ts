/** One byte a slot: 1 where the passage there may be found, else 0. Slots beyond its end may not. */
export type SlotMask = Uint8Array
