-- Step 3: what people decided, worked out from events as of a date.  Derived,
-- like verdicts: dropped and rebuilt by "muster assess".

CREATE TABLE decision(
  id            TEXT PRIMARY KEY,    -- UUID
  kind          TEXT NOT NULL CHECK(kind IN ('waiver', 'false_positive',
                  'not_applicable', 'risk_adjustment', 'poam', 'inherited',
                  'attestation', 'comment')),
  state         TEXT NOT NULL CHECK(state IN ('proposed', 'reviewed',
                  'approved', 'rejected', 'revoked', 'expired')),
  requirement   TEXT,                -- 2.1, or
  vuln_id       TEXT,                -- a finding's id, a STIG rule's
  package       TEXT,                -- as issues spell it
  version       TEXT,
  image         TEXT,                -- a digest, or
  repository    TEXT,                -- as ref.h spells it, or
  workload      TEXT,                -- KIND/NS/NAME/CONTAINER, a glob
  until         TEXT,                -- the first second it no longer holds
  severity      TEXT,
  verdict       TEXT,
  designator    TEXT,
  proposed_by   TEXT NOT NULL,
  proposed_role TEXT,
  proposed_at   TEXT NOT NULL,
  reviewed_by   TEXT,
  reviewed_at   TEXT,
  approved_by   TEXT,
  approved_role TEXT,
  approved_at   TEXT,
  closed_by     TEXT,                -- who rejected or revoked it
  closed_at     TEXT,
  signed        TEXT NOT NULL,       -- "no", "bad", or who signed
  self          INTEGER NOT NULL,    -- 1: proposed and approved by one person
  artifact      INTEGER REFERENCES artifact,  -- whose statement it is, if one
  locator       TEXT,
  body          TEXT NOT NULL        -- the record, JSON
) STRICT;
CREATE TABLE approved(               -- what the approver saw
  decision TEXT NOT NULL REFERENCES decision,
  subject  TEXT NOT NULL,            -- its key
  item     TEXT NOT NULL,
  hash     TEXT NOT NULL,            -- of the evidence for it
  PRIMARY KEY(decision, subject, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE decided(                -- what a decision speaks of today
  id       INTEGER PRIMARY KEY,
  decision TEXT NOT NULL REFERENCES decision,
  subject  INTEGER NOT NULL REFERENCES subject,
  result   INTEGER REFERENCES result,
  issue    INTEGER REFERENCES issue,
  rule     TEXT,                     -- of a STIG
  item     TEXT NOT NULL,            -- "requirement 2.1", "finding CVE-..."
  hash     TEXT NOT NULL,            -- of the evidence for it, today
  in_force INTEGER NOT NULL,         -- 1: it covers this today
  why      TEXT NOT NULL,            -- else why not; or through which parent
  parent   INTEGER REFERENCES subject
) STRICT;
CREATE INDEX decided_by_decision ON decided(decision);
CREATE INDEX decided_by_subject ON decided(subject);
CREATE INDEX decided_by_result ON decided(result) WHERE result IS NOT NULL;
CREATE INDEX decided_by_issue ON decided(issue) WHERE issue IS NOT NULL;
CREATE TABLE heard(                  -- how many events the above knows, as of
  events INTEGER NOT NULL,
  as_of  TEXT NOT NULL
) STRICT;

-- Asked for subject by subject when a report is written.
CREATE INDEX gap_by_subject ON gap(subject);
