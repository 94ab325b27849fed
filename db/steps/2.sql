-- What the page of a film shows beyond its card, and when TMDB was last asked for it.
ALTER TABLE movies ADD COLUMN certification TEXT;
ALTER TABLE movies ADD COLUMN trailer TEXT;
ALTER TABLE movies ADD COLUMN looked_up_at TEXT
  CHECK (looked_up_at GLOB '????-??-??T??:??:??.???Z');

-- Statistics are kept until a rating changes, however it does.
ALTER TABLE state ADD COLUMN ratings INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER ratings_added AFTER INSERT ON ratings
BEGIN UPDATE state SET ratings = ratings + 1; END;
CREATE TRIGGER ratings_changed AFTER UPDATE ON ratings
BEGIN UPDATE state SET ratings = ratings + 1; END;
CREATE TRIGGER ratings_removed AFTER DELETE ON ratings
BEGIN UPDATE state SET ratings = ratings + 1; END;

-- A look-up that finds nothing new is no news for the screens.
DROP TRIGGER movies_changed;
CREATE TRIGGER movies_changed AFTER UPDATE OF title, year, poster_path ON movies
WHEN new.title <> old.title OR new.year IS NOT old.year OR new.poster_path IS NOT old.poster_path
BEGIN UPDATE state SET version = version + 1; END;

-- The id of a nomination that was withdrawn is not given again.
ALTER TABLE state ADD COLUMN last_withdrawn INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER nominations_removed;
CREATE TRIGGER nominations_removed AFTER DELETE ON nominations
BEGIN
  UPDATE state
  SET version = version + 1, last_withdrawn = max(last_withdrawn, old.id);
END;
