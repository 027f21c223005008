-- fixture.sql - a small package for tests/test_render.c: an image, a workload
-- that deploys it, an image that nothing deploys; every verdict, every role,
-- and text that no output can take as it is.
INSERT INTO assessment(id, as_of, benchmark, version, sha256, title, release)
VALUES(1, '2026-11-23T00:00:00Z', 'xccdf_org.example_benchmark_TEST', '2',
  'b000000000000000000000000000000000000000000000000000000000000000',
  'A Small Guide', 'Release: 0.6 Benchmark Date: 02 Nov 2020');
INSERT INTO requirement(id, ord, family, level, rule, grp, title, severity,
  weight, cci, control_r4, control_r5, discussion, check_text, fix_text)
VALUES
('2.1', 1, 'image', 'must', 'xccdf_org.example_rule_T-02-010', 'G-02010',
 'No SSH Server', 'medium', '10.0', 'CCI-000381', 'CM-7 a', 'CM-7 a',
 'Why there must be none.', 'Looked at: files.', 'Remove it.'),
('2.2', 2, 'image', 'must', 'xccdf_org.example_rule_T-02-020', 'G-02020',
 'No Root', 'high', '10.0', 'CCI-002235', 'AC-6 (10)', '',
 'Why < & "so".', 'Looked at: User.', 'Set User.'),
('2.3', 3, 'image', 'must', 'xccdf_org.example_rule_T-02-030', 'G-02030',
 'No Set-id', 'medium', '20.0', 'CCI-002235', 'AC-6 (10)', '',
 'First line.

Third line.', 'Looked at: modes.', 'chmod a-s'),
('2.4', 4, 'image', 'should', 'xccdf_org.example_rule_T-02-040', 'G-02040',
 'Known Outcomes', 'low', '10.0', 'CCI-000381', 'CM-7 a', '',
 'Why.', 'Looked at: history.', 'Use COPY.'),
('2.5', 5, 'image', 'must', 'xccdf_org.example_rule_T-02-050', 'G-02050',
 'High Ports', 'medium', '10.0', 'CCI-001762', 'CM-7 (1) (b)', '',
 'Why.', 'Looked at: ports.', 'Use 8443.'),
('3.1', 6, 'deployment', 'must', 'xccdf_org.example_rule_T-03-010', 'G-03010',
 'No Runtime Socket', 'medium', '10.0', 'CCI-001090', 'SC-4', '',
 'Why.', 'Looked at: mounts.', 'Do not mount it.');
INSERT INTO value(name, type, title, text) VALUES
('max_layers', 'number', 'Most layers', '25'),
('shells', 'string', 'Shells', 'sh
bash');
INSERT INTO artifact(id, sha256, bytes, name, format, importer,
  importer_version, tool, tool_version, tool_db, produced, kept, batch,
  count_read, count_stored, count_merged, count_unplaced) VALUES
(1, 'a100000000000000000000000000000000000000000000000000000000000000', 2048,
 'web.tar', 'image', 'image', 1, NULL, NULL, NULL, NULL, 0, 'b', 9, 9, 0, 0),
(2, 'a200000000000000000000000000000000000000000000000000000000000000', 5000000,
 'grype <web>.json', 'grype', 'grype', 1, 'grype', '0.74.0',
 '2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z', 1, 'b', 3, 2, 0, 1),
(3, 'a300000000000000000000000000000000000000000000000000000000000000', 700,
 'pods.yaml', 'k8s', 'k8s', 1, NULL, NULL, NULL, NULL, 1, 'b', 1, 1, 0, 0),
(4, 'a400000000000000000000000000000000000000000000000000000000000000', 90000,
 'scap.xml', 'xccdf', 'xccdf', 1, 'OpenSCAP', '1.3.7', NULL, NULL, 1, 'b',
 3, 3, 0, 0);
INSERT INTO warning(artifact, locator, text)
VALUES(2, 'json:/matches/2', 'a match without a package');
INSERT INTO target(id, artifact, n, kind, key, name, locator) VALUES
(1, 1, 1, 'image', NULL, 'web:1', NULL),
(2, 2, 1, 'image', NULL, 'web:1', NULL),
(3, 3, 1, 'workload', 'Pod/default/web/web', 'web', 'yaml:1:1'),
(4, 4, 1, 'image', NULL, 'buildhost', NULL);
INSERT INTO fact(target, name, key, value, locator) VALUES
(1, 'config.user', NULL, '10001', 'config:/config/User'),
(1, 'config.port', '8443/tcp', NULL, 'config:/config/ExposedPorts'),
(1, 'history', '0', 'ADD file:1 in /', 'history:0'),
(1, 'history.layer', '0', '0', 'history:0'),
(3, 'pod.image', NULL, 'web:1', 'yaml:1:9'),
(4, 'stig.benchmark', NULL, 'xccdf_mil.disa.stig_benchmark_Some_STIG', NULL),
(4, 'stig.title', NULL, 'Some STIG', NULL),
(4, 'stig.version', NULL, '3', NULL),
(4, 'stig.score', 'urn:xccdf:scoring:default', '50.000000', NULL);
INSERT INTO layer(target, n, diff_id, digest, media_type, bytes, tar_bytes,
  entries, whiteouts, wasted, state, detail) VALUES
(1, 0, 'sha256:1100000000000000000000000000000000000000000000000000000000000000',
 NULL, NULL, 1000, 10240, 4, 0, 0, 'read', NULL),
(1, 1, 'sha256:1200000000000000000000000000000000000000000000000000000000000000',
 NULL, NULL, 100, 3145728, 1, 1, 512, 'corrupt', 'ended after 81920 bytes');
INSERT INTO package(target, type, name, version, size) VALUES
(1, 'deb', 'libc6', '2.36', 1000), (1, 'deb', 'zlib1g', '1.2', 24);
INSERT INTO finding(id, target, kind, vuln_id, package, version, severity,
  severity_word, fixed_in, fixable, result, title, locator) VALUES
(1, 2, 'vulnerability', 'CVE-2026-1', 'libc6', '2.36', 5, 'Critical', '2.37',
 1, NULL, NULL, 'json:/matches/0'),
(2, 2, 'vulnerability', 'CVE-2026-2', 'zlib1g', '1.2', 0, NULL, NULL,
 0, NULL, NULL, 'json:/matches/1'),
(3, 4, 'rule', 'SV-1r1_rule', NULL, NULL, 4, 'high', NULL, 0, 'fail',
 'A rule that fails', 'xpath:/Benchmark/TestResult/rule-result[1]'),
(4, 4, 'rule', 'SV-2r1_rule', NULL, NULL, 3, 'medium', NULL, 0, 'pass',
 'A rule that passes', 'xpath:/Benchmark/TestResult/rule-result[2]'),
(5, 4, 'rule', 'SV-3r1_rule', NULL, NULL, 3, 'medium', NULL, 0, 'notchecked',
 NULL, 'xpath:/Benchmark/TestResult/rule-result[3]');
INSERT INTO subject(id, kind, key, name, slug, bytes_known) VALUES
(1, 'image',
 'sha256:c100000000000000000000000000000000000000000000000000000000000000',
 'web:1', 'web-1-c1000000', 1),
(2, 'image',
 'sha256:c200000000000000000000000000000000000000000000000000000000000000',
 'web:1', 'web-1-c2000000', 0),
(3, 'workload', 'Pod/default/web/web', 'Pod default/web, container web',
 'pod-default-web-web', 0);
INSERT INTO alias(subject, kind, value) VALUES
(1, 'manifest',
 'sha256:c100000000000000000000000000000000000000000000000000000000000000'),
(1, 'tag', 'web:1');
INSERT INTO attachment(target, subject, reason, exact) VALUES
(1, 1, 'the image itself', 1), (2, 1, 'same manifest digest', 1),
(3, 3, 'the manifest itself', 1), (4, 1, 'only image', 0);
INSERT INTO deploys(workload, image, reason, exact)
VALUES(3, 1, 'same tag', 0);
INSERT INTO gap(kind, subject, artifact, text) VALUES
('gap', 2, NULL, 'no imported workload deploys this image'),
('contradiction', 1, NULL, 'two operating systems are named'),
('mismatch', 1, 2, 'its digest differs');
INSERT INTO issue(id, subject, vuln_id, package, version, severity, fixable)
VALUES(1, 1, 'CVE-2026-1', 'libc6', '2.36', 5, 1),
(2, 1, 'CVE-2026-2', 'zlib1g', '1.2', 0, 0);
INSERT INTO issue_source(issue, finding) VALUES(1, 1), (2, 2);
INSERT INTO scan(subject, artifact, tool, findings) VALUES(1, 2, 'grype', 2),
(1, 3, 'other', 0);
INSERT INTO covered(subject, tool, type) VALUES(1, 'grype', 'deb'),
(1, 'grype', 'npm');
INSERT INTO seen(issue, tool) VALUES(1, 'grype'), (2, 'grype');
INSERT INTO alone(issue, tool, why) VALUES(1, 'grype',
'no other scanner reported on <deb> packages'),
(2, 'grype', 'the reports do not say why');
INSERT INTO result(id, subject, requirement, verdict) VALUES
(1, 1, '2.1', 'pass'), (2, 1, '2.2', 'fail'), (3, 1, '2.3', 'not_reviewed'),
(4, 1, '2.4', 'error'), (5, 1, '2.5', 'not_applicable'),
(6, 2, '2.1', 'fail'), (7, 2, '2.2', 'not_reviewed'),
(8, 2, '2.3', 'not_reviewed'), (9, 2, '2.4', 'not_reviewed'),
(10, 2, '2.5', 'not_reviewed'), (11, 3, '3.1', 'pass');
INSERT INTO reason(result, role, text, artifact, locator) VALUES
(1, 'pass', 'all 2 layers were read and none holds an SSH server', 1, NULL),
(2, 'note', 'the workload sets runAsUser', 3, 'yaml:1:12'),
(2, 'contradiction', 'runAsUser is 0, User is 10001', 3, 'yaml:1:12'),
(2, 'fail', 'escape ' || char(27) || '[31m, bell ' || char(7) ||
 ', turned ' || char(8238) || 'txt.exe, <b>bold</b> & ]]> \ "q" ''a''' ||
 char(9) || 'tab' || char(10) || 'line', 1, 'config:/config/User'),
(3, 'missing', 'the image archive would decide it', NULL, NULL),
(4, 'error', 'layer 1 ended after 81920 bytes', 1,
 'layer:sha256:1200000000000000000000000000000000000000000000000000000000000000:/a'),
(5, 'not_applicable', 'no port is exposed', 1, 'config:/config'),
(6, 'fail', 'a report names openssh-server', 2, 'json:/matches/0'),
(7, 'missing', 'the image archive would decide it', NULL, NULL),
(8, 'missing', 'the image archive would decide it', NULL, NULL),
(9, 'missing', 'the image archive would decide it', NULL, NULL),
(10, 'missing', 'the image archive would decide it', NULL, NULL),
(11, 'pass', 'no host path is mounted', 3, 'yaml:1:1');
INSERT INTO decision(id, kind, state, requirement, vuln_id, package, version,
  image, repository, workload, until, severity, verdict, designator,
  proposed_by, proposed_role, proposed_at, reviewed_by, reviewed_at,
  approved_by, approved_role, approved_at, closed_by, closed_at, signed, self,
  artifact, locator, body) VALUES
('d1000000-0000-5000-8000-000000000001', 'waiver', 'approved', '2.2', NULL,
 NULL, NULL,
 'sha256:c100000000000000000000000000000000000000000000000000000000000000',
 NULL, NULL, '2026-12-31T00:00:00Z', NULL, NULL, 'policy exception', 'Ann',
 'contributor', '2026-11-01T00:00:00Z', 'Ben', '2026-11-02T00:00:00Z',
 'Cy <cy@example.mil>', 'ao', '2026-11-03T00:00:00Z', NULL, NULL, 'no', 0,
 NULL, NULL, '{"kind":"waiver","requirement":"2.2","why":"needed until 2.0 & '
 || 'not <b>longer</b>","risk":"root \"inside\" the container","plan":'
 || '"drop it","owner":"Ann"}'),
('d2000000-0000-5000-8000-000000000002', 'false_positive', 'expired', NULL,
 'CVE-2026-1', 'libc6', NULL, NULL, 'docker.io/library/web', NULL,
 '2026-11-20T00:00:00Z', NULL, NULL, NULL, 'Ann', NULL,
 '2026-10-01T00:00:00Z', NULL, NULL, 'Cy <cy@example.mil>', 'cve_approver',
 '2026-10-02T00:00:00Z', NULL, NULL, 'bad', 0, NULL, NULL,
 '{"kind":"false_positive","finding":"CVE-2026-1","why":"not built in"}'),
('d3000000-0000-5000-8000-000000000003', 'false_positive', 'approved', NULL,
 'CVE-2026-2', NULL, NULL, NULL, NULL, NULL, '2027-01-01T00:00:00Z', NULL,
 NULL, NULL, 'Ann', NULL, '2026-10-01T00:00:00Z', NULL, NULL, 'Ben',
 'cve_approver', '2026-10-02T00:00:00Z', NULL, NULL, 'Ed25519 0123456789abcdef',
 0, 2, 'json:/matches/1', '{"kind":"false_positive","finding":"CVE-2026-2",'
 || '"why":"the function is not called"}'),
('d4000000-0000-5000-8000-000000000004', 'attestation', 'approved', '2.3',
 NULL, NULL, NULL,
 'sha256:c100000000000000000000000000000000000000000000000000000000000000',
 NULL, NULL, '2027-01-01T00:00:00Z', NULL, 'pass', NULL, 'Ann', 'assessor',
 '2026-11-01T00:00:00Z', NULL, NULL, 'Ben', 'cve_approver',
 '2026-11-02T00:00:00Z', NULL, NULL, 'no', 0, NULL, NULL,
 '{"kind":"attestation","requirement":"2.3","verdict":"pass","why":'
 || '"looked at by hand","evidence":"photo.txt","evidence_sha256":'
 || '"e100000000000000000000000000000000000000000000000000000000000000"}'),
('d5000000-0000-5000-8000-000000000005', 'comment', 'approved', '2.1', NULL,
 NULL, NULL,
 'sha256:c100000000000000000000000000000000000000000000000000000000000000',
 NULL, NULL, NULL, NULL, NULL, NULL, 'Ann', NULL, '2026-11-01T00:00:00Z',
 NULL, NULL, 'Ben', NULL, '2026-11-02T00:00:00Z', NULL, NULL, 'no', 0, NULL,
 NULL, '{"kind":"comment","requirement":"2.1","why":"Checked twice.",'
 || '"details":"Nothing to add."}'),
('d6000000-0000-5000-8000-000000000006', 'risk_adjustment', 'proposed', NULL,
 'CVE-2026-1', NULL, NULL, NULL, NULL, NULL, '2027-01-01T00:00:00Z', 'low',
 NULL, NULL, 'Ann', NULL, '2026-11-01T00:00:00Z', NULL, NULL, NULL, NULL,
 NULL, NULL, NULL, 'no', 0, NULL, NULL, '{"kind":"risk_adjustment",'
 || '"finding":"CVE-2026-1","severity":"low","authority":"the AO",'
 || '"why":"not reachable"}');
INSERT INTO decided(id, decision, subject, result, issue, item, hash, in_force,
  why) VALUES
(1, 'd1000000-0000-5000-8000-000000000001', 1, 2, NULL, 'requirement 2.2', '',
 1, ''),
(2, 'd2000000-0000-5000-8000-000000000002', 1, NULL, 1,
 'finding CVE-2026-1 libc6 2.36', '', 0, 'expired on 2026-11-20T00:00:00Z'),
(3, 'd3000000-0000-5000-8000-000000000003', 1, NULL, 2,
 'finding CVE-2026-2 zlib1g 1.2', '', 1, ''),
(4, 'd4000000-0000-5000-8000-000000000004', 1, 3, NULL, 'requirement 2.3', '',
 1, ''),
(5, 'd5000000-0000-5000-8000-000000000005', 1, 1, NULL, 'requirement 2.1', '',
 1, ''),
(6, 'd6000000-0000-5000-8000-000000000006', 1, NULL, 1,
 'finding CVE-2026-1 libc6 2.36', '', 0, 'proposed, not approved');
INSERT INTO heard(events, as_of) VALUES(0, '2026-11-23T00:00:00Z');
