-- Today's shape. Instants are UTC text, YYYY-MM-DDTHH:MM:SS.mmmZ; weeks are ISO weeks, 2026-W47.

-- People of the household. Nobody is deleted: who leaves is retired and keeps their history.
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  icon TEXT NOT NULL,
  pin TEXT,                        -- scrypt, see utils/pins.py; NULL lets anybody in
  pin_is_common INTEGER NOT NULL DEFAULT 0 CHECK (pin_is_common IN (0, 1)),
  pin_failures INTEGER NOT NULL DEFAULT 0 CHECK (pin_failures >= 0),
  pin_failed_at TEXT CHECK (pin_failed_at GLOB '????-??-??T??:??:??.???Z'),
  is_admin INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
  retired_at TEXT CHECK (retired_at GLOB '????-??-??T??:??:??.???Z'),
  CHECK (is_admin = 0 OR (pin IS NOT NULL AND retired_at IS NULL))
) STRICT;

-- Signed-in devices. The cookie holds the token, the table its SHA-256.
CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id),
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z')
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);

-- The household's choices; db/settings.py knows the names and their defaults.
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What is known of a film, whoever spoke of it first.
CREATE TABLE movies (
  tmdb_id INTEGER PRIMARY KEY CHECK (tmdb_id > 0),
  title TEXT NOT NULL,
  year INTEGER CHECK (year BETWEEN 1870 AND 2999),
  runtime INTEGER CHECK (runtime > 0),     -- minutes
  genres TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(genres) AND json_type(genres) = 'array'),
  imdb_id TEXT,
  poster_path TEXT,
  backdrop_path TEXT,
  overview TEXT NOT NULL DEFAULT '',
  rating REAL,                             -- TMDB's average, 0-10
  certification TEXT,                      -- in the household's country
  trailer TEXT,                            -- a YouTube key
  looked_up_at TEXT CHECK (looked_up_at GLOB '????-??-??T??:??:??.???Z') -- all of it, at TMDB
) STRICT;

-- A week somebody looked at: its limits as they stood when it began, and what was done with it.
-- Nobody named beside an act means the clock, or everybody having nominated.
CREATE TABLE weeks (
  week TEXT PRIMARY KEY CHECK (week GLOB '[0-9][0-9][0-9][0-9]-W[0-5][0-9]'),
  max_nominations INTEGER NOT NULL CHECK (max_nominations BETWEEN 1 AND 10),
  max_votes INTEGER NOT NULL CHECK (max_votes BETWEEN 1 AND 20),
  own_votes INTEGER NOT NULL CHECK (own_votes IN (0, 1)),
  voting_opened_at TEXT CHECK (voting_opened_at GLOB '????-??-??T??:??:??.???Z'),
  voting_opened_by INTEGER REFERENCES users (id),
  closed_at TEXT CHECK (closed_at GLOB '????-??-??T??:??:??.???Z'),
  closed_by INTEGER REFERENCES users (id),
  skipped_at TEXT CHECK (skipped_at GLOB '????-??-??T??:??:??.???Z'),
  skipped_by INTEGER REFERENCES users (id),
  CHECK (closed_at IS NULL OR skipped_at IS NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX weeks_open ON weeks (week) WHERE closed_at IS NULL AND skipped_at IS NULL;

-- One film of one week. `place` is the finishing order, set once by the count.
CREATE TABLE nominations (
  id INTEGER PRIMARY KEY,
  week TEXT NOT NULL REFERENCES weeks (week),
  tmdb_id INTEGER NOT NULL REFERENCES movies (tmdb_id),
  proposed_by INTEGER NOT NULL REFERENCES users (id),
  proposed_at TEXT NOT NULL CHECK (proposed_at GLOB '????-??-??T??:??:??.???Z'),
  place INTEGER CHECK (place > 0),
  UNIQUE (week, tmdb_id),
  UNIQUE (week, place),
  UNIQUE (id, week)
) STRICT;
CREATE INDEX nominations_film ON nominations (tmdb_id);
CREATE INDEX nominations_proposer ON nominations (proposed_by, week);

-- Approval votes. The week stands here too so that a person's votes of a week are one index range.
CREATE TABLE votes (
  id INTEGER PRIMARY KEY,
  nomination_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users (id),
  week TEXT NOT NULL,
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
  UNIQUE (nomination_id, user_id),
  FOREIGN KEY (nomination_id, week) REFERENCES nominations (id, week) ON DELETE CASCADE
) STRICT;
CREATE INDEX votes_week ON votes (week, user_id);

-- The count of a week: both places, the rule that decided each and the values it compared (JSON).
CREATE TABLE week_history (
  id INTEGER PRIMARY KEY,
  week TEXT NOT NULL UNIQUE REFERENCES weeks (week),
  first_place_id INTEGER,
  first_rule TEXT NOT NULL,
  first_facts TEXT NOT NULL CHECK (json_valid(first_facts) AND json_type(first_facts) = 'object'),
  second_place_id INTEGER,
  second_rule TEXT,
  second_facts TEXT CHECK (
    second_facts IS NULL OR (json_valid(second_facts) AND json_type(second_facts) = 'object')
  ),
  FOREIGN KEY (first_place_id, week) REFERENCES nominations (id, week),
  FOREIGN KEY (second_place_id, week) REFERENCES nominations (id, week),
  CHECK (first_place_id <> second_place_id)
) STRICT;
CREATE INDEX week_history_first ON week_history (first_place_id);

-- A play: this person saw this film. `week` ties it to a movie night; without a time it is undated.
-- A film may be known by its Trakt id alone, so tmdb_id points nowhere.
CREATE TABLE watch_history (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id),
  tmdb_id INTEGER CHECK (tmdb_id > 0),
  trakt_id INTEGER,
  watched_at TEXT CHECK (watched_at GLOB '????-??-??T??:??:??.???Z'),
  week TEXT REFERENCES weeks (week),
  source TEXT NOT NULL CHECK (source IN ('evening', 'member', 'legacy', 'trakt', 'import')),
  marked_by INTEGER REFERENCES users (id),
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
  CHECK (tmdb_id IS NOT NULL OR trakt_id IS NOT NULL)
) STRICT;
CREATE INDEX watch_history_film ON watch_history (tmdb_id, user_id, watched_at);
CREATE INDEX watch_history_user ON watch_history (user_id, watched_at);
CREATE UNIQUE INDEX watch_history_evening ON watch_history (week, tmdb_id, user_id)
  WHERE week IS NOT NULL;
CREATE UNIQUE INDEX watch_history_trakt ON watch_history (user_id, trakt_id) WHERE source = 'trakt';

-- What somebody gave a film; apart from watch_history, because a film seen twice is rated once.
CREATE TABLE ratings (
  user_id INTEGER NOT NULL REFERENCES users (id),
  tmdb_id INTEGER NOT NULL CHECK (tmdb_id > 0),
  rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 10),
  rated_at TEXT NOT NULL CHECK (rated_at GLOB '????-??-??T??:??:??.???Z'),
  PRIMARY KEY (user_id, tmdb_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ratings_film ON ratings (tmdb_id, user_id, rating);

-- A member's Trakt link; both tokens are envelopes of utils/encryption.py. The account is known by
-- its uuid, because names and slugs change; it is NULL until the profile was fetched.
CREATE TABLE trakt_auth (
  user_id INTEGER PRIMARY KEY REFERENCES users (id),
  trakt_user TEXT,
  access_token TEXT NOT NULL,
  refresh_token TEXT NOT NULL,
  expires_at TEXT CHECK (expires_at GLOB '????-??-??T??:??:??.???Z'),
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
  trakt_slug TEXT,
  trakt_uuid TEXT,
  is_vip INTEGER NOT NULL DEFAULT 0 CHECK (is_vip IN (0, 1)),
  limits TEXT NOT NULL DEFAULT '{}'        -- of the account, as Trakt tells them
    CHECK (json_valid(limits) AND json_type(limits) = 'object'),
  refresh_at TEXT CHECK (refresh_at GLOB '????-??-??T??:??:??.???Z'),
  problem TEXT,                            -- code of trakt/errors.py; NULL while all is well
  problem_since TEXT CHECK (problem_since GLOB '????-??-??T??:??:??.???Z')
) STRICT;
CREATE INDEX trakt_auth_account ON trakt_auth (trakt_uuid);

-- Slugs that an admin keeps for a member: nobody else may link that account.
CREATE TABLE trakt_reservations (
  id INTEGER PRIMARY KEY,
  trakt_slug TEXT NOT NULL UNIQUE COLLATE NOCASE,
  user_id INTEGER NOT NULL REFERENCES users (id),
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z')
) STRICT;

-- Sign-ins by redirect that have begun: the state (hashed) bound to session and member; the PKCE
-- verifier is an envelope.
CREATE TABLE trakt_starts (
  state_hash TEXT PRIMARY KEY,
  session_hash TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users (id),
  verifier TEXT NOT NULL,
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z')
) STRICT, WITHOUT ROWID;

-- Links by code that have begun. The browser holds the handle, Trakt's device code is an envelope.
CREATE TABLE trakt_device_codes (
  handle_hash TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id),
  device_code TEXT NOT NULL,
  user_code TEXT NOT NULL,
  code_url TEXT NOT NULL,
  interval_s INTEGER NOT NULL CHECK (interval_s BETWEEN 1 AND 600),
  next_check_at TEXT NOT NULL CHECK (next_check_at GLOB '????-??-??T??:??:??.???Z'),
  expires_at TEXT NOT NULL CHECK (expires_at GLOB '????-??-??T??:??:??.???Z')
) STRICT, WITHOUT ROWID;

-- How a member's Trakt is kept in step: their switches, the stamps of /sync/last_activities as they
-- stood at the last complete read of each list, and how the last run went. Progress is told here
-- because a command may sync beside the server; that a run is alive is told by its file lock.
CREATE TABLE trakt_sync (
  user_id INTEGER PRIMARY KEY REFERENCES users (id),
  by_itself INTEGER NOT NULL DEFAULT 1 CHECK (by_itself IN (0, 1)),
  send_watches INTEGER NOT NULL DEFAULT 1 CHECK (send_watches IN (0, 1)),
  send_ratings INTEGER NOT NULL DEFAULT 1 CHECK (send_ratings IN (0, 1)),
  stamps TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(stamps) AND json_type(stamps) = 'object'),
  empty_once TEXT NOT NULL DEFAULT '[]'    -- lists of more than ten that have just come back empty
    CHECK (json_valid(empty_once) AND json_type(empty_once) = 'array'),
  step TEXT NOT NULL DEFAULT '',
  done INTEGER NOT NULL DEFAULT 0 CHECK (done >= 0),
  total INTEGER NOT NULL DEFAULT 0 CHECK (total >= 0),
  started_at TEXT CHECK (started_at GLOB '????-??-??T??:??:??.???Z'),
  finished_at TEXT CHECK (finished_at GLOB '????-??-??T??:??:??.???Z'),
  failed_at TEXT CHECK (failed_at GLOB '????-??-??T??:??:??.???Z'),
  problem TEXT                             -- code of trakt/errors.py
) STRICT;

-- What Trakt lists for a member and no TMDB id tells us which film it is.
CREATE TABLE trakt_unmatched (
  user_id INTEGER NOT NULL REFERENCES users (id),
  list TEXT NOT NULL CHECK (list IN ('watched', 'ratings', 'watchlist')),
  trakt_id INTEGER NOT NULL,
  title TEXT NOT NULL,
  year INTEGER,
  PRIMARY KEY (user_id, list, trakt_id)
) STRICT, WITHOUT ROWID;

-- The rating that both sides last agreed on: the base of the three-way merge in rules/merge.py.
CREATE TABLE trakt_ratings (
  user_id INTEGER NOT NULL REFERENCES users (id),
  tmdb_id INTEGER NOT NULL CHECK (tmdb_id > 0),
  rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 10),
  rated_at TEXT NOT NULL CHECK (rated_at GLOB '????-??-??T??:??:??.???Z'),
  PRIMARY KEY (user_id, tmdb_id)
) STRICT, WITHOUT ROWID;

-- Films and shows that a member wants to see, at Trakt or by an import. A show is only wished for.
CREATE TABLE watchlist (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id),
  kind TEXT NOT NULL CHECK (kind IN ('film', 'show')),
  tmdb_id INTEGER NOT NULL CHECK (tmdb_id > 0),
  trakt_id INTEGER,
  title TEXT NOT NULL,
  year INTEGER,
  listed_at TEXT NOT NULL CHECK (listed_at GLOB '????-??-??T??:??:??.???Z'),
  source TEXT NOT NULL CHECK (source IN ('member', 'trakt', 'import')),
  UNIQUE (user_id, kind, tmdb_id)
) STRICT;
CREATE INDEX watchlist_title ON watchlist (kind, tmdb_id, user_id, listed_at);

-- What is to be told to Trakt, in the household's words. A row waits, is claimed, and ends as sent
-- or parked; one that was claimed by a run that died, or whose answer was lost, is doubtful: Trakt
-- is asked before it is sent again.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,    -- a run marks what it sent by it: none may come twice
  user_id INTEGER NOT NULL REFERENCES users (id),
  act TEXT NOT NULL CHECK (act IN (
    'watched', 'unwatched', 'rated', 'unrated', 'listed', 'unlisted', 'hidden',
    'started', 'paused', 'stopped'
  )),
  kind TEXT NOT NULL DEFAULT 'film' CHECK (kind IN ('film', 'show')),
  tmdb_id INTEGER NOT NULL CHECK (tmdb_id > 0),
  trakt_id INTEGER,                        -- of a title to hide; of a play that a stop was counted as
  week TEXT REFERENCES weeks (week),
  happened_at TEXT NOT NULL CHECK (happened_at GLOB '????-??-??T??:??:??.???Z'),
  rating INTEGER CHECK (rating BETWEEN 1 AND 10),
  progress REAL CHECK (progress BETWEEN 0 AND 100), -- of a film that is on; of a play, that was on
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
  status TEXT NOT NULL DEFAULT 'waiting'
    CHECK (status IN ('waiting', 'claimed', 'sent', 'there', 'parked', 'dropped')),
  is_doubtful INTEGER NOT NULL DEFAULT 0 CHECK (is_doubtful IN (0, 1)),
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  next_try_at TEXT NOT NULL CHECK (next_try_at GLOB '????-??-??T??:??:??.???Z'),
  ended_at TEXT CHECK (ended_at GLOB '????-??-??T??:??:??.???Z'),
  problem TEXT                             -- code of the last failure, of trakt/errors.py
) STRICT;
CREATE INDEX outbox_open ON outbox (user_id, next_try_at) WHERE status IN ('waiting', 'claimed');
CREATE INDEX outbox_parked ON outbox (user_id) WHERE status = 'parked';
CREATE INDEX outbox_evening ON outbox (week, tmdb_id, user_id) WHERE week IS NOT NULL;
CREATE UNIQUE INDEX outbox_play ON outbox (user_id, tmdb_id, week)
  WHERE act = 'watched' AND week IS NOT NULL;

-- Rows of the page "What could we nominate?", as their source last answered. Nobody's (user_id 0)
-- are the household's: what everybody is watching anyway.
CREATE TABLE discoveries (
  source TEXT NOT NULL CHECK (source IN ('recommended', 'trending', 'popular')),
  kind TEXT NOT NULL CHECK (kind IN ('film', 'show')),
  user_id INTEGER NOT NULL,
  place INTEGER NOT NULL,
  tmdb_id INTEGER NOT NULL CHECK (tmdb_id > 0),
  trakt_id INTEGER,
  title TEXT NOT NULL,
  year INTEGER,
  runtime INTEGER CHECK (runtime > 0),
  genres TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(genres) AND json_type(genres) = 'array'),
  certification TEXT,
  PRIMARY KEY (source, kind, user_id, place)
) STRICT, WITHOUT ROWID;

-- When each of those rows was last asked for, even if nothing came.
CREATE TABLE discovery_answers (
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  user_id INTEGER NOT NULL,
  answered_at TEXT NOT NULL CHECK (answered_at GLOB '????-??-??T??:??:??.???Z'),
  PRIMARY KEY (source, kind, user_id)
) STRICT, WITHOUT ROWID;

-- "Not interested", said by a member.
CREATE TABLE hidden (
  user_id INTEGER NOT NULL REFERENCES users (id),
  kind TEXT NOT NULL CHECK (kind IN ('film', 'show')),
  tmdb_id INTEGER NOT NULL CHECK (tmdb_id > 0),
  title TEXT NOT NULL,
  year INTEGER,
  hidden_at TEXT NOT NULL CHECK (hidden_at GLOB '????-??-??T??:??:??.???Z'),
  PRIMARY KEY (user_id, kind, tmdb_id)
) STRICT, WITHOUT ROWID;

-- The film that is on: how much of it has passed, since when it runs (NULL: paused), who watches.
CREATE TABLE playings (
  week TEXT PRIMARY KEY REFERENCES weeks (week),
  tmdb_id INTEGER NOT NULL CHECK (tmdb_id > 0),
  runtime INTEGER NOT NULL CHECK (runtime > 0), -- minutes
  members TEXT NOT NULL CHECK (json_valid(members) AND json_type(members) = 'array'),
  passed_s REAL NOT NULL DEFAULT 0 CHECK (passed_s >= 0),
  running_since TEXT CHECK (running_since GLOB '????-??-??T??:??:??.???Z'),
  started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??.???Z'),
  started_by INTEGER NOT NULL REFERENCES users (id),
  stopped_at TEXT CHECK (stopped_at GLOB '????-??-??T??:??:??.???Z')
) STRICT, WITHOUT ROWID;

-- A timed job runs once a period, whoever has the clock; its last runs are shown to admins.
CREATE TABLE job_runs (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  period TEXT NOT NULL,
  started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??.???Z'),
  finished_at TEXT CHECK (finished_at GLOB '????-??-??T??:??:??.???Z'),
  error TEXT,
  UNIQUE (name, period)
) STRICT;

-- Who did what to whom, when and from where; never a secret.
CREATE TABLE audit_log (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
  actor_id INTEGER REFERENCES users (id),      -- NULL: the command line or the clock
  subject_id INTEGER REFERENCES users (id),
  action TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX audit_log_subject ON audit_log (subject_id, id);

-- The number behind /api/state's ETag: every change that screens show raises it. Ratings are counted
-- apart: they change nothing there, but the statistics. The id of a nomination that was withdrawn is
-- not given again: a page that is a minute old must not vote for another film.
CREATE TABLE state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  version INTEGER NOT NULL,
  ratings INTEGER NOT NULL DEFAULT 1,
  last_withdrawn INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO state (one, version) VALUES (1, 1);

CREATE TRIGGER users_added AFTER INSERT ON users
BEGIN UPDATE state SET version = version + 1; END;
CREATE TRIGGER users_changed AFTER UPDATE OF name, icon, retired_at ON users
BEGIN UPDATE state SET version = version + 1; END;
CREATE TRIGGER movies_changed AFTER UPDATE OF title, year, poster_path ON movies
WHEN new.title <> old.title OR new.year IS NOT old.year OR new.poster_path IS NOT old.poster_path
BEGIN UPDATE state SET version = version + 1; END;
CREATE TRIGGER weeks_added AFTER INSERT ON weeks
BEGIN UPDATE state SET version = version + 1; END;
CREATE TRIGGER weeks_changed AFTER UPDATE ON weeks
BEGIN UPDATE state SET version = version + 1; END;
CREATE TRIGGER nominations_added AFTER INSERT ON nominations
BEGIN UPDATE state SET version = version + 1; END;
CREATE TRIGGER nominations_removed AFTER DELETE ON nominations
BEGIN
  UPDATE state
  SET version = version + 1, last_withdrawn = max(last_withdrawn, old.id);
END;
CREATE TRIGGER votes_added AFTER INSERT ON votes
BEGIN UPDATE state SET version = version + 1; END;
CREATE TRIGGER votes_removed AFTER DELETE ON votes
BEGIN UPDATE state SET version = version + 1; END;
CREATE TRIGGER week_history_added AFTER INSERT ON week_history
BEGIN UPDATE state SET version = version + 1; END;
CREATE TRIGGER settings_added AFTER INSERT ON settings
BEGIN UPDATE state SET version = version + 1; END;
CREATE TRIGGER settings_changed AFTER UPDATE ON settings
BEGIN UPDATE state SET version = version + 1; END;
CREATE TRIGGER ratings_added AFTER INSERT ON ratings
BEGIN UPDATE state SET ratings = ratings + 1; END;
CREATE TRIGGER ratings_changed AFTER UPDATE ON ratings
BEGIN UPDATE state SET ratings = ratings + 1; END;
CREATE TRIGGER ratings_removed AFTER DELETE ON ratings
BEGIN UPDATE state SET ratings = ratings + 1; END;
