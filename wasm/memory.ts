/**
 * What lies where: the result, two words, at 0; the key, two words; room for what is hashed but lies nowhere on the wire;
 * messages from 1,024 on; behind them where the messages of a group begin and end, and then their memos.
 */
export const KEY: usize = 16
export const SCRATCH: usize = 64
/** Pairs of addresses: where each message of a group begins, and where it ends. */
export const BOUNDS: usize = 264192
/** Four words of 32 bits for each message of a group. */
export const MEMOS: usize = 280576
