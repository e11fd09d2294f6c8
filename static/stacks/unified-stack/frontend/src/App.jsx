import { useEffect, useState } from "react";

import { addNote, config, notes } from "./api.js";

export default function App() {
  const [settings, setSettings] = useState(null);
  const [list, setList] = useState([]);
  const [text, setText] = useState("");
  const [error, setError] = useState("");

  useEffect(() => {
    const start = async () => {
      const loaded = await config();
      setSettings(loaded);
      setList(await notes(loaded.apiUrl));
    };
    start().catch((reason) => setError(reason.message));
  }, []);

  const submit = async (event) => {
    event.preventDefault();
    try {
      const note = await addNote(settings.apiUrl, text);
      setList((before) => [note, ...before]);
      setText("");
      setError("");
    } catch (reason) {
      setError(reason.message);
    }
  };

  return (
    <main>
      <h1>{settings?.appName ?? "Loading…"}</h1>
      <form onSubmit={submit}>
        <label>
          Note <input value={text} onChange={(event) => setText(event.target.value)} maxLength={200} required />
        </label>
        <button disabled={!settings}>Add</button>
      </form>
      {error && <p role="alert">{error}</p>}
      <ul>
        {list.map((note) => (
          <li key={note.id}>{note.text}</li>
        ))}
      </ul>
    </main>
  );
}
