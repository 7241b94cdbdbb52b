/** A stream of numbers above 0 and below 1. */
export type RandomStream = () => number;

/** The same numbers many at a time: puts the next ones into the first `count` places. */
export type RandomBlocks = (values: Float64Array, count: number) => void;

const AT_A_TIME = 32;

/**
 * Independent, repeatable streams from one seed: the same seed and name give the same numbers everywhere, so that models which share
 * an input share its draws, and adding an input leaves the draws of all others as they were.
 *
 * @param seed a whole number from 0 to 2^32 - 1
 * @param name of the input that the stream is for
 */
export function randomStream(seed: number, name: string): RandomStream {
  const fill = randomBlocks(seed, name);
  const block = new Float64Array(AT_A_TIME);
  let used = AT_A_TIME;
  return () => {
    if (used === AT_A_TIME) {
      fill(block, AT_A_TIME);
      used = 0;
    }
    used += 1;
    return block[used - 1] as number;
  };
}

/** As {@link randomStream}, for whoever draws thousands. */
export function randomBlocks(seed: number, name: string): RandomBlocks {
  const mix = splitMix32((seed ^ hashOf(name)) >>> 0);
  return xoshiro128(mix(), mix(), mix(), mix());
}

/**
 * xoshiro128**, period 2^128 - 1: (word + 1/2) / 2^32. Source: D. Blackman and S. Vigna, "Scrambled linear pseudorandom number
 * generators", ACM TOMS 47 (2021). The four words of the state must not all be 0.
 */
export function xoshiro128(a: number, b: number, c: number, d: number): RandomBlocks {
  let state: [number, number, number, number] = [a | 0, b | 0, c | 0, d | 0];
  return (values, count) => {
    let [s0, s1, s2, s3] = state;
    for (let index = 0; index < count; index += 1) {
      const word = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0;
      const t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = rotate(s3, 11);
      values[index] = (word + 0.5) / 4_294_967_296;
    }
    state = [s0, s1, s2, s3];
  };
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Spreads a seed over a state. Source: the finaliser of MurmurHash3 (A. Appleby) on a Weyl sequence. */
function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x85ebca6b);
    word ^= word >>> 13;
    word = Math.imul(word, 0xc2b2ae35);
    return (word ^ (word >>> 16)) >>> 0;
  };
}

/** FNV-1a. Source: G. Fowler, L. C. Noll, K.-P. Vo, IETF draft-eastlake-fnv. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
