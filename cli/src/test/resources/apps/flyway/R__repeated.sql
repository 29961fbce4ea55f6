CREATE OR REPLACE VIEW fine AS SELECT name FROM people WHERE mood = 'fine';
