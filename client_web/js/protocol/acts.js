// Acts on a conference: POST with the form token, JSON both ways. Never touches the document but for the token.

/** A refusal that the server put into words. */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {string} text
   * @param {number} status
   */
  constructor(code, text, status) {
    super(text);
    this.code = code;
    this.status = status;
  }
}

/**
 * POST one act; resolves with the answer, rejects with a Refusal (also when nobody answers: code `offline`).
 * @param {string} path
 * @param {object} [body]
 * @param {string} [token] the form token
 * @returns {Promise<any>}
 */
export async function act(path, body = {}, token = document.documentElement.dataset.csrf ?? "") {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": token },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Refusal("offline", "", 0);
  }
  const value = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(value.code ?? "internal", value.title ?? "", answer.status);
  return value;
}
