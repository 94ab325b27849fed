-- The latest schema. Instants are UTC text, YYYY-MM-DDTHH:MM:SS.mmmZ; weeks are ISO, 2026-W47.

-- Members of the household. They are retired, never deleted, so that their history stays.
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  icon TEXT NOT NULL,
  pin TEXT,                        -- scrypt, see utils/pins.py; NULL: sign-in without a PIN
  pin_is_common INTEGER NOT NULL DEFAULT 0 CHECK (pin_is_common IN (0, 1)),
  pin_failures INTEGER NOT NULL DEFAULT 0 CHECK (pin_failures >= 0),
  pin_failed_at TEXT CHECK (pin_failed_at GLOB '????-??-??T??:??:??.???Z'),
  is_admin INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
  retired_at TEXT CHECK (retired_at GLOB '????-??-??T??:??:??.???Z'),
  CHECK (is_admin = 0 OR (pin IS NOT NULL AND retired_at IS NULL))
) STRICT;

-- Sessions. The cookie holds the token, the table its SHA-256.
CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id),
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z')
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);

-- The household's settings; names and defaults are in db/settings.py.
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Films.
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
  looked_up_at TEXT CHECK (looked_up_at GLOB '????-??-??T??:??:??.???Z') -- details, at TMDB
) STRICT;

-- Weeks, from their first visit on, with the limits that held then. An act's NULL `_by` is the
-- schedule, or the last nomination.
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

-- Films nominated for a week. `place` is the finishing order, set once by the count.
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

-- Approval votes. `week` is here too so that a member's votes in a week are one index range.
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

-- Results of counted weeks: both places, the rule that decided each, and the facts it compared.
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

-- Plays. `week` is set for a play of an evening; `watched_at` is NULL if the date is unknown. Some
-- films have only a Trakt id, so tmdb_id is no foreign key.
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

-- Ratings; not in watch_history, because a film seen twice is rated once.
CREATE TABLE ratings (
  user_id INTEGER NOT NULL REFERENCES users (id),
  tmdb_id INTEGER NOT NULL CHECK (tmdb_id > 0),
  rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 10),
  rated_at TEXT NOT NULL CHECK (rated_at GLOB '????-??-??T??:??:??.???Z'),
  PRIMARY KEY (user_id, tmdb_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ratings_film ON ratings (tmdb_id, user_id, rating);

-- Members' Trakt links; both tokens are envelopes of utils/encryption.py. The account is identified
-- by its uuid, because names and slugs change; it is NULL until the profile was fetched.
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
  limits TEXT NOT NULL DEFAULT '{}'        -- of the account, as Trakt sends them
    CHECK (json_valid(limits) AND json_type(limits) = 'object'),
  refresh_at TEXT CHECK (refresh_at GLOB '????-??-??T??:??:??.???Z'),
  problem TEXT,                            -- code of trakt/errors.py
  problem_since TEXT CHECK (problem_since GLOB '????-??-??T??:??:??.???Z')
) STRICT;
CREATE INDEX trakt_auth_account ON trakt_auth (trakt_uuid);

-- Trakt accounts that an admin reserved for a member; no other member may link them.
CREATE TABLE trakt_reservations (
  id INTEGER PRIMARY KEY,
  trakt_slug TEXT NOT NULL UNIQUE COLLATE NOCASE,
  user_id INTEGER NOT NULL REFERENCES users (id),
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z')
) STRICT;

-- OAuth sign-ins in progress: the state (hashed) is bound to session and member; the PKCE verifier
-- is an envelope.
CREATE TABLE trakt_starts (
  state_hash TEXT PRIMARY KEY,
  session_hash TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users (id),
  verifier TEXT NOT NULL,
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z')
) STRICT, WITHOUT ROWID;

-- Links by device code in progress. The browser holds the handle; the code is an envelope.
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

-- Each member's sync: switches, the stamps of /sync/last_activities at the last complete read of
-- each list, and the last run. Progress is stored because a command may sync beside the server; a
-- run is alive while it holds its file lock.
CREATE TABLE trakt_sync (
  user_id INTEGER PRIMARY KEY REFERENCES users (id),
  by_itself INTEGER NOT NULL DEFAULT 1 CHECK (by_itself IN (0, 1)),
  send_watches INTEGER NOT NULL DEFAULT 1 CHECK (send_watches IN (0, 1)),
  send_ratings INTEGER NOT NULL DEFAULT 1 CHECK (send_ratings IN (0, 1)),
  stamps TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(stamps) AND json_type(stamps) = 'object'),
  empty_once TEXT NOT NULL DEFAULT '[]'    -- lists of more than ten that came back empty once
    CHECK (json_valid(empty_once) AND json_type(empty_once) = 'array'),
  step TEXT NOT NULL DEFAULT '',
  done INTEGER NOT NULL DEFAULT 0 CHECK (done >= 0),
  total INTEGER NOT NULL DEFAULT 0 CHECK (total >= 0),
  started_at TEXT CHECK (started_at GLOB '????-??-??T??:??:??.???Z'),
  finished_at TEXT CHECK (finished_at GLOB '????-??-??T??:??:??.???Z'),
  failed_at TEXT CHECK (failed_at GLOB '????-??-??T??:??:??.???Z'),
  problem TEXT                             -- code of trakt/errors.py
) STRICT;

-- Titles on a member's Trakt lists that have no TMDB id.
CREATE TABLE trakt_unmatched (
  user_id INTEGER NOT NULL REFERENCES users (id),
  list TEXT NOT NULL CHECK (list IN ('watched', 'ratings', 'watchlist')),
  trakt_id INTEGER NOT NULL,
  title TEXT NOT NULL,
  year INTEGER,
  PRIMARY KEY (user_id, list, trakt_id)
) STRICT, WITHOUT ROWID;

-- Bases of the three-way merge in rules/merge.py: ratings on which both sides last agreed.
CREATE TABLE trakt_ratings (
  user_id INTEGER NOT NULL REFERENCES users (id),
  tmdb_id INTEGER NOT NULL CHECK (tmdb_id > 0),
  rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 10),
  rated_at TEXT NOT NULL CHECK (rated_at GLOB '????-??-??T??:??:??.???Z'),
  PRIMARY KEY (user_id, tmdb_id)
) STRICT, WITHOUT ROWID;

-- Members' wishes. Shows can only be wished for, not nominated.
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

-- Changes to send to Trakt. Status: waiting -> claimed -> sent, there (Trakt had it already) or
-- parked (failed); dropped by its member. `is_doubtful` (maybe sent): its run was killed or the
-- answer was lost, so Trakt's history is read before it is sent again.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,    -- never reused: a run marks sent entries by id
  user_id INTEGER NOT NULL REFERENCES users (id),
  act TEXT NOT NULL CHECK (act IN (
    'watched', 'unwatched', 'rated', 'unrated', 'listed', 'unlisted', 'hidden',
    'started', 'paused', 'stopped'
  )),
  kind TEXT NOT NULL DEFAULT 'film' CHECK (kind IN ('film', 'show')),
  tmdb_id INTEGER NOT NULL CHECK (tmdb_id > 0),
  trakt_id INTEGER,                        -- of a title to hide, or of the play made of a scrobble
  week TEXT REFERENCES weeks (week),
  happened_at TEXT NOT NULL CHECK (happened_at GLOB '????-??-??T??:??:??.???Z'),
  rating INTEGER CHECK (rating BETWEEN 1 AND 10),
  progress REAL CHECK (progress BETWEEN 0 AND 100), -- for scrobbles and the plays they end in
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

-- Titles of the page "What could we nominate?", from the source's last answer. Those with user_id
-- 0 are for all members.
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

-- The last answer of each source, even an empty one.
CREATE TABLE discovery_answers (
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  user_id INTEGER NOT NULL,
  answered_at TEXT NOT NULL CHECK (answered_at GLOB '????-??-??T??:??:??.???Z'),
  PRIMARY KEY (source, kind, user_id)
) STRICT, WITHOUT ROWID;

-- Titles that a member hid ("Not interested").
CREATE TABLE hidden (
  user_id INTEGER NOT NULL REFERENCES users (id),
  kind TEXT NOT NULL CHECK (kind IN ('film', 'show')),
  tmdb_id INTEGER NOT NULL CHECK (tmdb_id > 0),
  title TEXT NOT NULL,
  year INTEGER,
  hidden_at TEXT NOT NULL CHECK (hidden_at GLOB '????-??-??T??:??:??.???Z'),
  PRIMARY KEY (user_id, kind, tmdb_id)
) STRICT, WITHOUT ROWID;

-- The film that is playing. `running_since` is NULL while it is paused; `passed_s` is up to then.
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

-- Runs of timed jobs: one per period, whichever process runs the timers.
CREATE TABLE job_runs (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  period TEXT NOT NULL,
  started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??.???Z'),
  finished_at TEXT CHECK (finished_at GLOB '????-??-??T??:??:??.???Z'),
  error TEXT,
  UNIQUE (name, period)
) STRICT;

-- The audit log; never holds a secret.
CREATE TABLE audit_log (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
  actor_id INTEGER REFERENCES users (id),      -- NULL: the command line or a timer
  subject_id INTEGER REFERENCES users (id),
  action TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX audit_log_subject ON audit_log (subject_id, id);

-- `version` is in the ETag of /api/state; every change that it shows raises it. `ratings` is raised
-- by ratings, which only the statistics show. `last_withdrawn` keeps nomination ids from being
-- reused, or a page a minute old could vote for another film.
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
