import { useEffect, useState } from "react";

export default function App() {
  const [books, setBooks] = useState([]);
  const [error, setError] = useState("");

  useEffect(() => {
    const load = async () => {
      const response = await fetch("/api/books");
      if (!response.ok) throw new Error(`The api answers ${response.status}.`);
      setBooks(await response.json());
    };
    load().catch((reason) => setError(reason.message));
  }, []);

  return (
    <main>
      <h1>Books</h1>
      {error && <p role="alert">{error}</p>}
      <ul>
        {books.map((book) => (
          <li key={book.id}>
            <cite>{book.title}</cite>, {book.author}
          </li>
        ))}
      </ul>
    </main>
  );
}
