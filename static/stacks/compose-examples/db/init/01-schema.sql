CREATE TABLE books (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title   text NOT NULL CHECK (title <> ''),
    author  text NOT NULL CHECK (author <> ''),
    UNIQUE (title, author)
);
