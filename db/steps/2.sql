-- What the page of a film shows beyond its card, and when TMDB was last asked for it.
ALTER TABLE movies ADD COLUMN certification TEXT;
ALTER TABLE movies ADD COLUMN trailer TEXT;
ALTER TABLE movies ADD COLUMN looked_up_at TEXT
  CHECK (looked_up_at GLOB '????-??-??T??:??:??.???Z');
