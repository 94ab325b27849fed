-- A link knows its account, when its token is due, and what is wrong with it.
ALTER TABLE trakt_auth ADD COLUMN trakt_slug TEXT;
ALTER TABLE trakt_auth ADD COLUMN trakt_uuid TEXT;
ALTER TABLE trakt_auth ADD COLUMN is_vip INTEGER NOT NULL DEFAULT 0 CHECK (is_vip IN (0, 1));
ALTER TABLE trakt_auth ADD COLUMN limits TEXT NOT NULL DEFAULT '{}'
  CHECK (json_valid(limits) AND json_type(limits) = 'object');
ALTER TABLE trakt_auth ADD COLUMN refresh_at TEXT
  CHECK (refresh_at GLOB '????-??-??T??:??:??.???Z');
ALTER TABLE trakt_auth ADD COLUMN problem TEXT;
ALTER TABLE trakt_auth ADD COLUMN problem_since TEXT
  CHECK (problem_since GLOB '????-??-??T??:??:??.???Z');
CREATE INDEX trakt_auth_account ON trakt_auth (trakt_uuid);

CREATE TABLE trakt_reservations (
  id INTEGER PRIMARY KEY,
  trakt_slug TEXT NOT NULL UNIQUE COLLATE NOCASE,
  user_id INTEGER NOT NULL REFERENCES users (id),
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z')
) STRICT;

CREATE TABLE trakt_starts (
  state_hash TEXT PRIMARY KEY,
  session_hash TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users (id),
  verifier TEXT NOT NULL,
  created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z')
) STRICT, WITHOUT ROWID;

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
