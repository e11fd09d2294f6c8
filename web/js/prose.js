/** A sentence of Rust's as nodes: what stands between backticks is code. Words and code take turns, words first. */
export function prose(text) {
  const pieces = text.split(/`([^`]*)`/);
  return pieces.map((piece, at) => {
    if (at % 2 === 0) return piece;
    const code = document.createElement("code");
    code.textContent = piece;
    return code;
  });
}
