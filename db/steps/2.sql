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
