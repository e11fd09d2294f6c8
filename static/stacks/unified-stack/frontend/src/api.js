// All paths are relative to the page: the proxy sends /api/ to the backend, so there is one origin and no CORS.

async function json(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return response.json();
}

export const config = () => json("/api/v1/config/frontend/");

export const notes = (base) => json(`${base}/notes/`);

export const addNote = (base, text) =>
  json(`${base}/notes/`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text }),
  });
