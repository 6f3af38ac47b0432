// Which code each number key gives. In: the codes, and the keys that were given out before. Out: a
// map from number to code, which keeps a number with its code while the codebook changes.

const QUICK = 9;
const KEYS_ITEM = "speakout-number-keys";

/**
 * Which code each number key gives: keys set in the codebook; else those given out before (`held`,
 * from code to key), and for the keys that are left the first leaves without one. So a number keeps
 * its code when codes are added, moved or renamed around it.
 */
export function quickCodes(codes, held = new Map()) {
  const set = codes.filter(({ key }) => key);
  if (set.length) return new Map(set.map((code) => [Number(code.key), code.id]));
  const parents = new Set(codes.map(({ parent }) => parent));
  const given = new Map(codes.filter(({ id }) => held.has(id)).map(({ id }) => [held.get(id), id]));
  const waiting = codes.filter(({ id }) => !parents.has(id) && !held.has(id));
  const quick = new Map();
  for (let key = 1; key <= QUICK; key += 1) {
    const code = given.get(key) ?? waiting.shift()?.id;
    if (code) quick.set(key, code);
  }
  return quick;
}

/** The keys that were given out in this tab: they outlive a reload, and hold no words. */
export class HeldKeys {
  constructor(storage) {
    this.storage = storage;
    try {
      this.keys = new Map(JSON.parse(storage?.getItem(KEYS_ITEM) ?? "[]"));
    } catch {
      this.keys = new Map(); // what lies there is not ours
    }
  }

  keep(quick) {
    let isNew = false;
    for (const [key, code] of quick) {
      isNew ||= this.keys.get(code) !== key;
      this.keys.set(code, key);
    }
    if (!isNew) return;
    try {
      this.storage?.setItem(KEYS_ITEM, JSON.stringify([...this.keys]));
    } catch {
      // A full storage: the keys still hold until the page is loaded again.
    }
  }
}
