// The code of what somebody guessed in the lesson, for the page /class: what it is made of, and how it is
// read again.
//
// A code is the lesson's version (2 letters), the guesses, and a check (2 letters), in Crockford's base 32.
// The guesses are one number of mixed radix: each step is a digit, 0 for no guess. Every number takes as
// many letters as the largest one, so that a letter that is missing is noticed.

globalThis.codes = (() => {
  // Without I, L, O and U.
  const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const GROUP = 4;
  const VERSION = 2;
  const CHECK = 2;

  // What can be guessed between two ends: of a choice, its places from 0.
  function scale(low, high, step) {
    // Ten steps of 0.1 are not quite 1.
    return { low, step, size: Math.floor((high - low) / step + 1e-6) + 1 };
  }

  const value = (index, { low, step }) => low + index * step;

  // Which guess this is, from 0; null if it is none of this scale.
  function indexOf(guess, { low, step, size }) {
    if (guess === undefined || guess === null) return null;
    const index = Math.round((Number(guess) - low) / step);
    return index >= 0 && index < size ? index : null;
  }

  const radix = ({ size }) => BigInt(size + 1);

  function lettersFor(scales) {
    const numbers = scales.reduce((product, scale) => product * radix(scale), 1n);
    let letters = 0;
    while (32n ** BigInt(letters) < numbers) letters += 1;
    return letters;
  }

  // CRC-10 of letters of 5 bits each. It notices every change within two letters side by side.
  function check(letters) {
    let crc = 0x3ff;
    for (const letter of letters) {
      for (let bit = 4; bit >= 0; bit--) {
        const overflows = ((crc >> 9) ^ (letter >> bit)) & 1;
        crc = ((crc << 1) & 0x3ff) ^ (overflows ? 0x233 : 0);
      }
    }
    return [crc >> 5, crc & 31];
  }

  // The code of the guesses, null where there is none.
  function encode(guesses, scales, lesson) {
    let number = 0n;
    scales.forEach((scale, n) => {
      number = number * radix(scale) + BigInt(guesses[n] === null ? 0 : guesses[n] + 1);
    });
    const letters = [];
    for (let n = lettersFor(scales); n > 0; n--) {
      letters.unshift(Number(number % 32n));
      number /= 32n;
    }
    letters.unshift(lesson >> 5, lesson & 31);
    const code = [...letters, ...check(letters)].map((letter) => LETTERS[letter]).join("");
    return code.match(new RegExp(`.{1,${GROUP}}`, "g")).join("-");
  }

  // What a code says: its guesses, or a problem: "no code", "mistake" or "other lesson".
  function decoder(scales, lesson) {
    const length = VERSION + lettersFor(scales) + CHECK;
    return (text) => {
      // Chats and word processors put other dashes in.
      const plain = text.replace(/[\s\p{Pd}\u2212]/gu, "").toUpperCase();
      const letters = [...plain.replace(/O/g, "0").replace(/[IL]/g, "1")].map((letter) =>
        LETTERS.indexOf(letter),
      );
      if (letters.length < VERSION + CHECK + 1 || letters.includes(-1)) return { problem: "no code" };
      const [high, low] = check(letters.slice(0, -CHECK));
      if (high !== letters.at(-2) || low !== letters.at(-1)) return { problem: "mistake" };
      if (letters.length !== length || letters[0] * 32 + letters[1] !== lesson) {
        return { problem: "other lesson" };
      }
      let number = 0n;
      for (const letter of letters.slice(VERSION, -CHECK)) number = number * 32n + BigInt(letter);
      const guesses = [];
      for (const scale of [...scales].reverse()) {
        const digit = Number(number % radix(scale));
        guesses.unshift(digit === 0 ? null : digit - 1);
        number /= radix(scale);
      }
      // Not every row of letters is a number that the guesses can make.
      return number === 0n ? { guesses } : { problem: "mistake" };
    };
  }

  return { scale, value, indexOf, encode, decoder };
})();
