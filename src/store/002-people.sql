-- Step 2: evidence about images that lists, signatures and other people's
-- statements give; and what the users of this database said themselves.

CREATE TABLE listing(                -- an image that a list names
  id         INTEGER PRIMARY KEY,
  target     INTEGER NOT NULL REFERENCES target,
  role       TEXT NOT NULL CHECK(role IN ('approved', 'inventory')),
  repository TEXT NOT NULL,          -- normalised: docker.io/library/debian
  tag        TEXT,
  digest     TEXT,                   -- of the manifest or index
  config     TEXT,                   -- of the config blob
  chain      TEXT,                   -- diff_ids, the lowest first, one a line
  created    TEXT,                   -- of the image, or when it was pushed
  source     TEXT,                   -- who says so: "Iron Bank"
  locator    TEXT
) STRICT;
CREATE INDEX listing_by_repository ON listing(role, repository);
CREATE INDEX listing_by_digest ON listing(digest);
CREATE INDEX listing_by_target ON listing(target);
CREATE TABLE signature(              -- not verified yet: keys may come later
  id          INTEGER PRIMARY KEY,
  target      INTEGER NOT NULL REFERENCES target,
  kind        TEXT NOT NULL CHECK(kind IN ('cosign', 'dsse', 'gpg')),
  image       TEXT,                  -- the digest it was found attached to
  claim       TEXT,                  -- the digest its payload names
  reference   TEXT,                  -- the repository its payload names
  type        TEXT,                  -- of a statement's predicate
  payload     TEXT,                  -- the signed bytes, base64; NULL: too long
  digest      TEXT,                  -- sha256 of the signed bytes, hex
  signature   TEXT,                  -- base64
  certificate TEXT,                  -- PEM
  chain       TEXT,                  -- PEM
  state       TEXT NOT NULL,         -- "ok", or what is wrong with it
  locator     TEXT
) STRICT;
CREATE INDEX signature_by_image ON signature(image);
CREATE INDEX signature_by_claim ON signature(claim);
CREATE INDEX signature_by_target ON signature(target);
CREATE TABLE statement(              -- what somebody says of a finding
  id            INTEGER PRIMARY KEY,
  target        INTEGER NOT NULL REFERENCES target,
  kind          TEXT NOT NULL,       -- vex csaf cyclonedx ignore vat greylist
                                     -- checklist amendment
  vuln_id       TEXT NOT NULL,       -- a finding's id or a rule's
  aliases       TEXT,                -- one a line
  package       TEXT,
  version       TEXT,
  product       TEXT,                -- purl or cpe, as written
  status        TEXT NOT NULL,       -- as written
  justification TEXT,
  text          TEXT,
  author        TEXT,
  at            TEXT,                -- when it was said
  until         TEXT,
  severity      TEXT,                -- where it changes the severity
  locator       TEXT
) STRICT;
CREATE INDEX statement_by_vuln ON statement(vuln_id);
CREATE INDEX statement_by_target ON statement(target);
CREATE TABLE priority(               -- KEV, EPSS
  id         INTEGER PRIMARY KEY,
  target     INTEGER NOT NULL REFERENCES target,
  kind       TEXT NOT NULL CHECK(kind IN ('kev', 'epss')),
  vuln_id    TEXT NOT NULL,
  score      TEXT,                   -- decimal text
  percentile TEXT,
  at         TEXT,                   -- added to the catalog, scored
  due        TEXT,
  text       TEXT,
  locator    TEXT
) STRICT;
CREATE INDEX priority_by_vuln ON priority(vuln_id);
CREATE INDEX priority_by_target ON priority(target);
CREATE TABLE guidance(               -- a rule of a STIG, an item of the CCI list
  id       INTEGER PRIMARY KEY,
  target   INTEGER NOT NULL REFERENCES target,
  kind     TEXT NOT NULL CHECK(kind IN ('rule', 'cci')),
  name     TEXT NOT NULL,            -- SV-..._rule, CCI-...
  grp      TEXT,                     -- V-...
  version  TEXT,                     -- the STIG's own id of the rule
  severity TEXT,
  title    TEXT,
  idents   TEXT,                     -- CCIs, or controls: one a line
  text     TEXT,
  locator  TEXT
) STRICT;
CREATE INDEX guidance_by_name ON guidance(kind, name);
CREATE INDEX guidance_by_target ON guidance(target);

-- What stands around workloads is asked for by name and key, per container.
CREATE INDEX fact_around ON fact(name, key) WHERE name GLOB 'k8s.*';

-- What people said to this database: append only, each in the journal too.
-- Everything that follows from events is worked out from them.
CREATE TABLE event(
  id    INTEGER PRIMARY KEY,
  chain TEXT NOT NULL,
  seq   INTEGER NOT NULL,            -- the journal's entry of it
  kind  TEXT NOT NULL,               -- trust.add place.subject ...
  about TEXT NOT NULL,               -- a key's id, an artifact's sha256 ...
  body  TEXT NOT NULL,               -- a JSON object
  UNIQUE(chain, seq),
  FOREIGN KEY(chain, seq) REFERENCES journal(chain, seq)
) STRICT;
CREATE INDEX event_by_kind ON event(kind, about);

-- Derived: who scanned what, and how far the scanners agree.
CREATE TABLE scan(                   -- a vulnerability report about an image
  subject  INTEGER NOT NULL REFERENCES subject,
  artifact INTEGER NOT NULL REFERENCES artifact,
  tool     TEXT NOT NULL,            -- in small letters
  findings INTEGER NOT NULL,
  PRIMARY KEY(subject, artifact)
) STRICT, WITHOUT ROWID;
CREATE TABLE covered(                -- ecosystems a tool speaks of
  subject INTEGER NOT NULL REFERENCES subject,
  tool    TEXT NOT NULL,
  type    TEXT NOT NULL,             -- as in a purl: deb pypi golang ...
  PRIMARY KEY(subject, tool, type)
) STRICT, WITHOUT ROWID;
CREATE TABLE seen(                   -- which tools report an issue
  issue INTEGER NOT NULL REFERENCES issue,
  tool  TEXT NOT NULL,
  PRIMARY KEY(issue, tool)
) STRICT, WITHOUT ROWID;
CREATE TABLE alone(                  -- one of several tools reports it
  issue INTEGER PRIMARY KEY REFERENCES issue,
  tool  TEXT NOT NULL,
  why   TEXT NOT NULL                -- what may explain that
) STRICT;

-- What a tailoring file changed of the benchmark; derived like the rest of
-- these tables.
ALTER TABLE assessment ADD COLUMN tailoring TEXT;  -- sha256; NULL: none
ALTER TABLE assessment ADD COLUMN tailoring_id TEXT;
ALTER TABLE assessment ADD COLUMN tailoring_version TEXT;
ALTER TABLE assessment ADD COLUMN tailoring_time TEXT;
ALTER TABLE assessment ADD COLUMN profile TEXT;    -- id of the tailored profile
ALTER TABLE assessment ADD COLUMN profile_title TEXT;
ALTER TABLE requirement ADD COLUMN selected INTEGER NOT NULL DEFAULT 1;
ALTER TABLE value ADD COLUMN own TEXT;             -- the benchmark's, if changed

-- Derived like subject: names spelled one way, and whose layers form which
-- chain, so that a base is found without comparing image by image.
CREATE TABLE named(                  -- an image's name, or what a workload runs
  subject    INTEGER NOT NULL REFERENCES subject,
  repository TEXT NOT NULL,          -- docker.io/library/debian
  tag        TEXT,
  digest     TEXT,
  explicit   INTEGER NOT NULL,       -- 1: the registry was written
  artifact   INTEGER REFERENCES artifact,
  locator    TEXT
) STRICT;
CREATE INDEX named_by_repository ON named(repository);
CREATE INDEX named_by_subject ON named(subject);
CREATE TABLE lineage(
  chain   TEXT NOT NULL,             -- OCI's ChainID of all layers
  layers  INTEGER NOT NULL,
  subject INTEGER REFERENCES subject,  -- an image of exactly these
  listing INTEGER REFERENCES listing   -- or an entry of a list
) STRICT;
CREATE INDEX lineage_by_chain ON lineage(chain);
