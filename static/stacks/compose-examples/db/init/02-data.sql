INSERT INTO books (title, author) VALUES
    ('Frankenstein', 'Mary Shelley'),
    ('Walden', 'Henry David Thoreau'),
    ('Middlemarch', 'George Eliot');
