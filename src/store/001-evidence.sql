-- Step 1: evidence (what a file said: append only), the journal, and what is
-- derived from them.  Steps are never edited once released; a change is a new
-- step.

-- The journal: one chain of entries per database that ever wrote here.
CREATE TABLE chain(
  id   TEXT PRIMARY KEY,             -- random, drawn when the database is made
  mine INTEGER NOT NULL              -- 1: this database appends to it
) STRICT;
CREATE TABLE journal(
  chain  TEXT NOT NULL REFERENCES chain,
  seq    INTEGER NOT NULL,           -- from 1, without a gap
  at     TEXT NOT NULL,              -- the only real time in the database
  who    TEXT NOT NULL,
  what   TEXT NOT NULL,              -- import, assess, ...
  detail TEXT NOT NULL,
  object TEXT NOT NULL,              -- sha256 of what changed, or ''
  prev   TEXT NOT NULL,              -- hash of the entry before, '' for the first
  hash   TEXT NOT NULL,              -- of all fields above
  PRIMARY KEY(chain, seq)
) STRICT;

-- Evidence.
CREATE TABLE artifact(               -- an imported file
  id               INTEGER PRIMARY KEY,
  sha256           TEXT NOT NULL UNIQUE,  -- hex
  bytes            INTEGER NOT NULL,
  name             TEXT NOT NULL,    -- the file's own name, without its path
  format           TEXT NOT NULL,
  importer         TEXT NOT NULL,
  importer_version INTEGER NOT NULL,
  tool             TEXT,             -- what wrote it
  tool_version     TEXT,
  tool_db          TEXT,             -- date of the tool's database
  produced         TEXT,             -- when the tool wrote it
  kept             INTEGER NOT NULL, -- 1: the bytes are in chunk
  batch            TEXT NOT NULL,    -- files of one import command share it
  count_read       INTEGER NOT NULL,
  count_stored     INTEGER NOT NULL,
  count_merged     INTEGER NOT NULL,
  count_unplaced   INTEGER NOT NULL
) STRICT;
CREATE INDEX artifact_by_bytes ON artifact(bytes);
CREATE TABLE chunk(                  -- the file itself, zstd, piece by piece
  artifact  INTEGER NOT NULL REFERENCES artifact,
  seq       INTEGER NOT NULL,
  raw_bytes INTEGER NOT NULL,
  data      BLOB NOT NULL,
  PRIMARY KEY(artifact, seq)
) STRICT;
CREATE TABLE target(                 -- what a file is about
  id       INTEGER PRIMARY KEY,
  artifact INTEGER NOT NULL REFERENCES artifact,
  n        INTEGER NOT NULL,         -- from 1; 0 is the file as a whole
  kind     TEXT NOT NULL CHECK(kind IN
             ('file', 'image', 'workload', 'platform', 'host')),
  key      TEXT,
  name     TEXT,
  locator  TEXT,
  UNIQUE(artifact, n)
) STRICT;
CREATE TABLE identity(               -- a name or digest of a target
  id     INTEGER PRIMARY KEY,
  target INTEGER NOT NULL REFERENCES target,
  kind   TEXT NOT NULL CHECK(kind IN
           ('manifest', 'config', 'index', 'repodigest', 'tag', 'host')),
  value  TEXT NOT NULL
) STRICT;
CREATE INDEX identity_by_target ON identity(target);
CREATE INDEX identity_by_value ON identity(value);
CREATE TABLE fact(                   -- see facts.def
  id      INTEGER PRIMARY KEY,
  target  INTEGER NOT NULL REFERENCES target,
  name    TEXT NOT NULL,
  key     TEXT,
  value   TEXT,
  locator TEXT
) STRICT;
CREATE INDEX fact_by_target ON fact(target, name);
CREATE TABLE layer(
  id         INTEGER PRIMARY KEY,
  target     INTEGER NOT NULL REFERENCES target,
  n          INTEGER NOT NULL,       -- from 0, the lowest
  diff_id    TEXT NOT NULL,
  digest     TEXT,
  media_type TEXT,
  bytes      INTEGER NOT NULL,
  tar_bytes  INTEGER NOT NULL,
  entries    INTEGER NOT NULL,
  whiteouts  INTEGER NOT NULL,
  wasted     INTEGER NOT NULL,
  state      TEXT NOT NULL,
  detail     TEXT
) STRICT;
CREATE INDEX layer_by_target ON layer(target, n);
CREATE TABLE file(                   -- the effective file system of an image
  id     INTEGER PRIMARY KEY,
  target INTEGER NOT NULL REFERENCES target,
  path   TEXT NOT NULL,
  type   TEXT NOT NULL,
  mode   INTEGER NOT NULL,
  uid    INTEGER NOT NULL,
  gid    INTEGER NOT NULL,
  size   INTEGER NOT NULL,
  layer  INTEGER NOT NULL,           -- layer.n
  link   TEXT,
  sha256 TEXT,
  caps   TEXT
) STRICT;
CREATE INDEX file_by_path ON file(target, path);
CREATE TABLE package(
  id        INTEGER PRIMARY KEY,
  target    INTEGER NOT NULL REFERENCES target,
  type      TEXT NOT NULL,
  name      TEXT NOT NULL,
  version   TEXT,
  arch      TEXT,
  source    TEXT,
  purl      TEXT,
  signature TEXT,
  size      INTEGER NOT NULL,
  locator   TEXT
) STRICT;
CREATE INDEX package_by_target ON package(target, name);
CREATE TABLE finding(                -- a scanner's row, untouched
  id            INTEGER PRIMARY KEY,
  target        INTEGER NOT NULL REFERENCES target,
  kind          TEXT NOT NULL,
  vuln_id       TEXT NOT NULL,
  aliases       TEXT,                -- one a line
  package       TEXT,
  version       TEXT,
  type          TEXT,
  purl          TEXT,
  severity      INTEGER NOT NULL,    -- 0 unknown, 1 negligible .. 5 critical
  severity_word TEXT,
  fixed_in      TEXT,
  fixable       INTEGER NOT NULL,
  path          TEXT,
  result        TEXT,
  title         TEXT,
  idents        TEXT,                -- one a line
  locator       TEXT
) STRICT;
CREATE INDEX finding_by_target ON finding(target);
CREATE TABLE warning(                -- what a reader clipped or could not place
  id       INTEGER PRIMARY KEY,
  artifact INTEGER NOT NULL REFERENCES artifact,
  locator  TEXT,
  text     TEXT NOT NULL
) STRICT;
CREATE INDEX warning_by_artifact ON warning(artifact);

-- Derived: rebuilt by every import and by "muster assess".
CREATE TABLE settled(                -- the derived tables know this many
  artifacts INTEGER NOT NULL         -- artifacts; fewer than there are: stale
) STRICT;
CREATE TABLE subject(                -- what verdicts are about
  id   INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK(kind IN ('image', 'workload', 'platform')),
  key  TEXT NOT NULL,                -- sha256:... or KIND/NS/NAME/CONTAINER
  name TEXT NOT NULL,                -- for people
  slug TEXT NOT NULL UNIQUE,         -- for file names and ids
  bytes_known INTEGER NOT NULL       -- 1: the image's own bytes are evidence
) STRICT;
CREATE INDEX subject_by_key ON subject(kind, key);
CREATE TABLE attachment(             -- which target speaks about which subject
  target  INTEGER NOT NULL REFERENCES target,
  subject INTEGER NOT NULL REFERENCES subject,
  reason  TEXT NOT NULL,
  exact   INTEGER NOT NULL,          -- 1: by digest or by being it
  PRIMARY KEY(target, subject)
) STRICT;
CREATE INDEX attachment_by_subject ON attachment(subject);
CREATE TABLE alias(                  -- every name and digest of an image
  subject INTEGER NOT NULL REFERENCES subject,
  kind    TEXT NOT NULL,
  value   TEXT NOT NULL,
  PRIMARY KEY(subject, kind, value)
) STRICT;
CREATE TABLE deploys(                -- a workload container runs an image
  workload INTEGER NOT NULL REFERENCES subject,
  image    INTEGER NOT NULL REFERENCES subject,
  reason   TEXT NOT NULL,            -- by digest, by tag
  exact    INTEGER NOT NULL,
  PRIMARY KEY(workload, image)
) STRICT;
CREATE INDEX deploys_by_image ON deploys(image);
CREATE TABLE gap(                    -- what is missing or contradicts itself
  id       INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL,            -- gap, mismatch, contradiction
  subject  INTEGER REFERENCES subject,
  artifact INTEGER REFERENCES artifact,
  text     TEXT NOT NULL
) STRICT;
CREATE TABLE issue(                  -- findings merged across scanners
  id       INTEGER PRIMARY KEY,
  subject  INTEGER NOT NULL REFERENCES subject,
  vuln_id  TEXT NOT NULL,
  package  TEXT NOT NULL,
  version  TEXT NOT NULL,
  severity INTEGER NOT NULL,
  fixable  INTEGER NOT NULL,
  UNIQUE(subject, vuln_id, package, version)
) STRICT;
CREATE TABLE issue_source(
  issue   INTEGER NOT NULL REFERENCES issue,
  finding INTEGER NOT NULL REFERENCES finding,
  PRIMARY KEY(issue, finding)
) STRICT, WITHOUT ROWID;
CREATE TABLE merging(                -- scratch while issues are merged
  subject  INTEGER NOT NULL,
  vuln_id  TEXT NOT NULL,
  package  TEXT NOT NULL,
  version  TEXT NOT NULL,
  severity INTEGER NOT NULL,
  fixable  INTEGER NOT NULL,
  finding  INTEGER NOT NULL
) STRICT;
CREATE TABLE assessment(             -- one row: how the verdicts came about
  id          INTEGER PRIMARY KEY,
  as_of       TEXT NOT NULL,
  benchmark   TEXT NOT NULL,         -- its id
  version     TEXT NOT NULL,
  sha256      TEXT NOT NULL,         -- of the benchmark's text
  title       TEXT NOT NULL,
  release     TEXT NOT NULL          -- "Release: 0.6 Benchmark Date: ..."
) STRICT;
CREATE TABLE requirement(            -- from the benchmark
  id         TEXT PRIMARY KEY,       -- 2.1
  ord        INTEGER NOT NULL UNIQUE,
  family     TEXT NOT NULL,          -- image, deployment
  level      TEXT NOT NULL,          -- must, should
  rule       TEXT NOT NULL,          -- XCCDF rule id, at most 45 characters
  grp        TEXT NOT NULL,          -- XCCDF group id
  title      TEXT NOT NULL,
  severity   TEXT NOT NULL,          -- low, medium, high
  weight     TEXT NOT NULL,
  cci        TEXT NOT NULL,
  control_r4 TEXT NOT NULL,
  control_r5 TEXT NOT NULL,          -- '' where unknown
  discussion TEXT NOT NULL,
  check_text TEXT NOT NULL,
  fix_text   TEXT NOT NULL
) STRICT;
CREATE TABLE value(                  -- thresholds and lists in force
  name  TEXT PRIMARY KEY,            -- max_layers
  type  TEXT NOT NULL,
  title TEXT NOT NULL,
  text  TEXT NOT NULL
) STRICT;
CREATE TABLE result(
  id          INTEGER PRIMARY KEY,
  subject     INTEGER NOT NULL REFERENCES subject,
  requirement TEXT NOT NULL REFERENCES requirement,
  verdict     TEXT NOT NULL CHECK(verdict IN
                ('pass', 'fail', 'not_applicable', 'not_reviewed', 'error')),
  UNIQUE(subject, requirement)
) STRICT;
CREATE TABLE reason(                 -- why, and what shows it
  id       INTEGER PRIMARY KEY,
  result   INTEGER NOT NULL REFERENCES result,
  role     TEXT NOT NULL CHECK(role IN ('fail', 'error', 'contradiction',
             'missing', 'not_applicable', 'pass', 'note')),
  text     TEXT NOT NULL,
  artifact INTEGER REFERENCES artifact,
  locator  TEXT
) STRICT;
CREATE INDEX reason_by_result ON reason(result);
