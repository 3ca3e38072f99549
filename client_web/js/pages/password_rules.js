// The rules of a password, the same as the server's (server/domain/accounts.py); only to tick them off while typing.

/**
 * Names of the rules that a password keeps.
 * @param {string} password
 * @returns {Set<string>}
 */
export function kept(password) {
  const letters = [...password];
  const rules = {
    length: letters.length >= 8 && letters.length <= 200,
    lower: /\p{Ll}/u.test(password),
    upper: /\p{Lu}/u.test(password),
    digit: /\p{Nd}/u.test(password),
    special: /[^\p{L}\p{N}\p{M}\s]/u.test(password),
  };
  return new Set(Object.entries(rules).filter(([, holds]) => holds).map(([name]) => name));
}
