import { useEffect, useState } from "react";

const API = import.meta.env.VITE_API_BASE_URL ?? "/api";

async function call(path, options) {
  const response = await fetch(`${API}${path}`, options);
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return response.status === 204 ? null : response.json();
}

export default function App() {
  const [places, setPlaces] = useState([]);
  const [summary, setSummary] = useState(null);
  const [error, setError] = useState("");

  const load = async () => {
    try {
      const [all, total] = await Promise.all([call("/places"), call("/analytics/summary")]);
      setPlaces(all);
      setSummary(total);
      setError("");
    } catch (reason) {
      setError(reason.message);
    }
  };

  useEffect(() => {
    load();
  }, []);

  const submit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    const place = {
      name: form.get("name"),
      population: Number(form.get("population")),
      rate: Number(form.get("percent")) / 100,
    };
    try {
      await call("/places", {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(place),
      });
      event.target.reset();
      await load();
    } catch (reason) {
      setError(reason.message);
    }
  };

  return (
    <main>
      <h1>LOC8</h1>
      <form onSubmit={submit}>
        <label>
          Place <input name="name" required maxLength={100} />
        </label>
        <label>
          People <input name="population" type="number" min="1" required />
        </label>
        <label>
          % a year <input name="percent" type="number" step="0.1" min="-50" max="50" defaultValue="1" required />
        </label>
        <button>Save</button>
      </form>
      {error && <p role="alert">{error}</p>}
      <ul>
        {places.map((place) => (
          <li key={place.name}>
            {place.name}: {place.population.toLocaleString()}
          </li>
        ))}
      </ul>
      {summary && <p>In ten years: {summary.in_ten_years.toLocaleString()}</p>}
    </main>
  );
}
