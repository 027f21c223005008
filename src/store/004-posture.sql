-- Step 4: what was assessed before, so that later assessments can be compared
-- with it.  Append only: rows say what changed with an assessment, and what
-- nobody reports any more stays, closed.

CREATE TABLE posture(                -- an assessment that was remembered
  id             INTEGER PRIMARY KEY,
  digest         TEXT NOT NULL UNIQUE,  -- of all it says: the same is not
                                        -- remembered twice
  as_of          TEXT NOT NULL,
  benchmark      TEXT NOT NULL,      -- sha256 of its text
  tailoring      TEXT,               -- sha256; NULL: none
  artifacts      INTEGER NOT NULL,   -- files known then: how many,
  last_artifact  INTEGER NOT NULL,   -- and the newest of them
  pass           INTEGER NOT NULL,   -- verdicts
  fail           INTEGER NOT NULL,
  waived         INTEGER NOT NULL,   -- of those that fail
  not_reviewed   INTEGER NOT NULL,
  not_applicable INTEGER NOT NULL,
  error          INTEGER NOT NULL,
  critical       INTEGER NOT NULL,   -- issues
  high           INTEGER NOT NULL,
  medium         INTEGER NOT NULL,
  low            INTEGER NOT NULL,
  other          INTEGER NOT NULL
) STRICT;
CREATE TABLE posture_subject(        -- every subject there ever was
  id      INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL,
  slug    TEXT NOT NULL,
  key     TEXT NOT NULL,
  name    TEXT NOT NULL,
  family  TEXT NOT NULL,             -- an image's repository, else its slug
  created TEXT,                      -- of an image
  since   INTEGER NOT NULL REFERENCES posture,
  UNIQUE(kind, slug)
) STRICT;
CREATE INDEX posture_subject_by_family ON posture_subject(kind, family);
CREATE TABLE posture_verdict(        -- from this assessment on
  subject     INTEGER NOT NULL REFERENCES posture_subject,
  requirement TEXT NOT NULL,
  posture     INTEGER NOT NULL REFERENCES posture,
  verdict     TEXT,                  -- NULL: not decided any more
  waived      INTEGER NOT NULL,
  PRIMARY KEY(subject, requirement, posture)
) STRICT, WITHOUT ROWID;
CREATE TABLE posture_issue(          -- every issue there ever was
  id      INTEGER PRIMARY KEY,
  subject INTEGER NOT NULL REFERENCES posture_subject,
  vuln_id TEXT NOT NULL,
  package TEXT NOT NULL,
  version TEXT NOT NULL,
  UNIQUE(subject, vuln_id, package, version)
) STRICT;
CREATE TABLE posture_turn(           -- from this assessment on
  issue    INTEGER NOT NULL REFERENCES posture_issue,
  posture  INTEGER NOT NULL REFERENCES posture,
  open     INTEGER NOT NULL,         -- 0: closed, nothing reports it any more
  severity INTEGER NOT NULL,
  fixable  INTEGER NOT NULL,
  waived   INTEGER NOT NULL,
  PRIMARY KEY(issue, posture)
) STRICT, WITHOUT ROWID;
CREATE TABLE posture_sighting(       -- which file reported an issue
  issue    INTEGER NOT NULL REFERENCES posture_issue,
  artifact INTEGER NOT NULL REFERENCES artifact,
  tool     TEXT NOT NULL,
  PRIMARY KEY(issue, artifact)
) STRICT, WITHOUT ROWID;
CREATE TABLE posture_scan(           -- who ever scanned a subject
  subject INTEGER NOT NULL REFERENCES posture_subject,
  tool    TEXT NOT NULL,
  since   INTEGER NOT NULL REFERENCES posture,
  PRIMARY KEY(subject, tool)
) STRICT, WITHOUT ROWID;
-- What the derived tables hold is this one; NULL: not remembered.
ALTER TABLE assessment ADD COLUMN posture INTEGER;
