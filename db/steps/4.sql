-- Two-way sync with Trakt: switches, lists, the outbox, discoveries, the film that is on.
CREATE UNIQUE INDEX watch_history_trakt ON watch_history (user_id, trakt_id) WHERE source = 'trakt';

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
